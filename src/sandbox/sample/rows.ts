import { adjectives, cities, courseTitles, firstNames, lastNames, streets, things } from './words.ts';

/** How many rows the sample has. Together with order lines, payments and audit rows: about 370,000. */
export const sizes = {
  members: 20_000,
  /** The newest members have no order, course or membership yet, so that they can be deleted. */
  newcomers: 40,
  products: 400,
  orders: 60_000,
  courses: 400,
  bookingsPerCourse: 50,
} as const;

/**
 * The statements that fill the tables, in order; they run in one session. The content depends on the seed alone, by
 * PostgreSQL's own hash function; every time is counted back from `base` (UTC ISO 8601). Rows are inserted in the
 * order of their times, as a living system would have done it.
 */
export function rows(seed: number, base: string): readonly string[] {
  return [...functions(seed, base), ...people(), ...shop(), ...club(), ...log()];
}

/** An SQL array of the words; `word(array, number)` takes one. */
const array = (words: readonly string[]) => `ARRAY[${words.map((w) => `'${w.replaceAll("'", "''")}'`)}]`;

/** SQL that picks one of the words for row `i`; every use has a salt of its own. */
const word = (words: readonly string[], i: string, salt: number) =>
  `(${array(words)})[1 + pg_temp.pick(${i}, ${salt}, ${words.length})]`;

const regulars = sizes.members - sizes.newcomers;

function functions(seed: number, base: string): readonly string[] {
  const now = `timestamptz '${base}'`;
  return [
    `CREATE FUNCTION pg_temp.pick(i bigint, salt int, n int) RETURNS int LANGUAGE sql IMMUTABLE AS $$
       SELECT ((hashint8extended(i, salt + ${Math.trunc(seed)}::bigint * 1009) % n + n) % n)::int $$`,
    // Members came evenly over five years, orders ever more often over two. Rows count from 1.
    `CREATE FUNCTION pg_temp.joined(i bigint) RETURNS timestamptz LANGUAGE sql STABLE AS $$
       SELECT ${now} - interval '5 minutes' - interval '43800 hours' * ((${sizes.members} - i)::float8 / ${sizes.members}) $$`,
    `CREATE FUNCTION pg_temp.placed(i bigint) RETURNS timestamptz LANGUAGE sql STABLE AS $$
       SELECT ${now} - interval '1 minute' - interval '17520 hours' * power((${sizes.orders} - i)::float8 / ${sizes.orders}, 1.4) $$`,
    `CREATE FUNCTION pg_temp.base() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT ${now} $$`,
  ];
}

function people(): readonly string[] {
  return [
    `INSERT INTO plans (code, title, monthly_cents) VALUES
       ('trial', 'Trial month', 0), ('single', 'Single', 1900), ('family', 'Family', 3400),
       ('youth', 'Youth', 900), ('senior', 'Senior', 1400), ('patron', 'Patron', 9900)`,
    `INSERT INTO members (first_name, last_name, email, status, joined_at, last_seen_at)
       SELECT first, last, lower(first) || '.' || lower(last) || i || '@' || domain || '.example',
         CASE WHEN i > ${regulars} OR fate >= 14 THEN 'active' WHEN fate >= 9 THEN 'paused' ELSE 'closed' END,
         joined, CASE WHEN seen > 80 THEN joined + (pg_temp.base() - joined) * (seen / 1000.0) END
       FROM (
         SELECT i, pg_temp.joined(i) AS joined, pg_temp.pick(i, 4, 100) AS fate, pg_temp.pick(i, 5, 1000) AS seen,
           ${word(firstNames, 'i', 1)} AS first, ${word(lastNames, 'i', 2)} AS last,
           ${word(['post', 'mail', 'letters', 'inbox'], 'i', 3)} AS domain
         FROM generate_series(1, ${sizes.members}) i) person
       ORDER BY i`,
    `INSERT INTO addresses (member_id, street, postal_code, city)
       SELECT i, ${word(streets, 'i', 10)} || ' ' || 1 + pg_temp.pick(i, 12, 140),
         (10000 + pg_temp.pick(i, 13, 89999))::text, ${word(cities, 'i', 11)}
       FROM generate_series(1, ${sizes.members}) i ORDER BY i`,
    // Every fifth regular changed the plan once: an ended membership before the running one.
    `INSERT INTO memberships (member_id, plan_id, starts_on, ends_on)
       SELECT i, 1 + pg_temp.pick(i * 2 + part, 20, 6), joined + part * 31, CASE WHEN part = 0 AND changed THEN joined + 31 END
       FROM (
         SELECT i, (pg_temp.joined(i) AT TIME ZONE 'UTC')::date AS joined, pg_temp.pick(i, 21, 5) = 0 AS changed
         FROM generate_series(1, ${regulars}) i) member, generate_series(0, 1) part
       WHERE part = 0 OR changed ORDER BY i, part`,
  ];
}

function shop(): readonly string[] {
  return [
    `INSERT INTO products (sku, title, price_cents, stock)
       SELECT 'SKU-' || lpad((i * 37)::text, 6, '0'), ${word(adjectives, 'i', 30)} || ' ' || ${word(things, 'i', 31)},
         490 + 10 * pg_temp.pick(i, 32, 2400), pg_temp.pick(i, 33, 500)
       FROM generate_series(1, ${sizes.products}) i ORDER BY i`,
    `CREATE TEMP TABLE lines AS
       SELECT o, l, pg_temp.pick(o * 4 + l, 42, ${sizes.products}) + 1 AS product, 1 + pg_temp.pick(o * 4 + l, 41, 3) AS quantity
       FROM generate_series(1, ${sizes.orders}) o, generate_series(1, 3) l
       WHERE l <= 1 + pg_temp.pick(o, 40, 3)`,
    // Who orders was a member by then: of the first members only, the older the order.
    `INSERT INTO orders (member_id, address_id, status, total_cents, placed_at, shipped_at)
       SELECT member, member, status, total, placed, CASE WHEN status = 'shipped' THEN placed + interval '1 hour' * (5 + pg_temp.pick(o, 52, 60)) END
       FROM (
         SELECT o, total, placed, 1 + pg_temp.pick(o, 50, (${regulars} * (1 - 0.4 * extract(epoch FROM pg_temp.base() - placed) / 63072000))::int) AS member,
           CASE WHEN pg_temp.pick(o, 51, 100) < 4 THEN 'cancelled' WHEN placed < pg_temp.base() - interval '3 days' THEN 'shipped'
             WHEN pg_temp.pick(o, 51, 100) < 80 THEN 'paid' ELSE 'placed' END AS status
         FROM (
           SELECT o, pg_temp.placed(o) AS placed, sum(quantity * price_cents) AS total
           FROM lines JOIN products ON products.id = product GROUP BY o) dated) sale
       ORDER BY o`,
    `INSERT INTO order_items (order_id, line, product_id, quantity, unit_cents)
       SELECT o, l, product, quantity, price_cents FROM lines JOIN products ON products.id = product ORDER BY o, l`,
    `INSERT INTO payments (order_id, method, amount_cents, paid_at)
       SELECT id, ${word(['card', 'card', 'transfer', 'direct debit'], 'id', 60)}, total_cents, placed_at + interval '30 seconds'
       FROM orders WHERE status IN ('paid', 'shipped') ORDER BY id`,
  ];
}

function club(): readonly string[] {
  return [
    `INSERT INTO courses (title, starts_at, seats)
       SELECT ${word(courseTitles, 'i', 70)}, date_trunc('day', pg_temp.base(), 'UTC') + interval '1 day' * (2 * i - ${2 * sizes.courses - 60}) + interval '9 hours',
         8 + pg_temp.pick(i, 71, 33)
       FROM generate_series(1, ${sizes.courses}) i ORDER BY i`,
    // Steps of 37 through the members meet none of them twice within a course.
    `INSERT INTO bookings (course_id, member_id, state, booked_at)
       SELECT c, 1 + (c * 7919 + k * 37) % ${regulars},
         CASE WHEN pg_temp.pick(c * 100 + k, 72, 20) = 0 THEN 'cancelled' WHEN k > seats THEN 'waiting' ELSE 'booked' END,
         least(starts_at, pg_temp.base()) - interval '1 hour' * (2 + 11 * (${sizes.bookingsPerCourse} - k))
       FROM (SELECT id::bigint AS c, seats, starts_at FROM courses) course, generate_series(1, ${sizes.bookingsPerCourse}) k
       ORDER BY c, k`,
  ];
}

function log(): readonly string[] {
  return [
    `INSERT INTO audit_logs (at, actor, action, entity, entity_id, detail)
       SELECT * FROM (
         SELECT joined_at AS at, 'front desk', 'member.joined', 'member', id, jsonb_build_object('email', email) FROM members
         UNION ALL
         SELECT placed_at, 'shop', 'order.' || status, 'order', id, jsonb_build_object('total_cents', total_cents)
         FROM orders WHERE id > ${sizes.orders - 20_000}) happened
       ORDER BY 1, 4, 5`,
  ];
}
