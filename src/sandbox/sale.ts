import type pg from 'pg';
import { sizes } from './sample/rows.ts';

/**
 * One sale, as the sample application writes it all the time: an order with its line, the payment and the audit row,
 * in one statement and so in one transaction.
 */
export async function sell(client: pg.Client): Promise<void> {
  const among = (n: number) => 1 + Math.floor(Math.random() * n);
  await client.query(statement, [among(sizes.members - sizes.newcomers), among(sizes.products), among(3)]);
}

const statement = `
WITH line AS (SELECT id AS product, $3::int AS quantity, price_cents FROM products WHERE id = $2::int),
sale AS (
  INSERT INTO orders (member_id, address_id, status, total_cents)
  SELECT a.member_id, a.id, 'paid', line.quantity * line.price_cents
  FROM line, (SELECT id, member_id FROM addresses WHERE member_id = $1::bigint LIMIT 1) a
  RETURNING id, total_cents),
item AS (
  INSERT INTO order_items (order_id, line, product_id, quantity, unit_cents)
  SELECT sale.id, 1, line.product, line.quantity, line.price_cents FROM sale, line),
payment AS (
  INSERT INTO payments (order_id, method, amount_cents) SELECT id, 'card', total_cents FROM sale)
INSERT INTO audit_logs (actor, action, entity, entity_id, detail)
SELECT 'shop', 'order.paid', 'order', id, jsonb_build_object('total_cents', total_cents) FROM sale`;
