import { describe, expect, test } from 'vitest';
import { parseLogin, urlOf } from '../../src/backup/engines/postgres/login.ts';

describe('a URL leads to one place', () => {
  test.each([
    ['dbname', 'postgres://u@h:5432/shop?dbname=live'],
    ['host', 'postgres://u@h/shop?host=other'],
    ['host', 'postgres:///shop?host=one&host=other'],
    ['port', 'postgres://u@h:5432/shop?port=5433'],
    ['user', 'postgres://u@h/shop?user=root'],
    ['password', 'postgres://u:s3cr3t@h/shop?password=0ther'],
    ['hostaddr', 'postgres://u@h/shop?hostaddr=10.0.0.9'],
    ['service', 'postgres://u@h/shop?service=live'],
  ])('one that says %s twice, or leaves it to others, is refused without being repeated', (name, url) => {
    expect(() => parseLogin(url, {})).toThrow(new RegExp(`\\b${name}\\b`));
    expect(() => parseLogin(url, {})).not.toThrow(/s3cr3t|0ther/);
  });

  test('several hosts are refused, wherever they stand', () => {
    expect(() => parseLogin('postgres://u@one,two/shop', {})).toThrow(/several hosts/);
    expect(() => parseLogin('postgres:///shop?host=one,two', {})).toThrow(/several hosts/);
  });

  test('one that says the same twice, or a part of it as a parameter, is taken', () => {
    expect(parseLogin('postgres://u@h:5433/shop?host=h&port=5433&dbname=shop&user=u', {})).toMatchObject({
      host: 'h',
      port: 5433,
      user: 'u',
      database: 'shop',
    });
    expect(
      parseLogin('postgres:///?host=/run/pg+1&port=5433&dbname=shop&user=u&password=a%20b', {}),
    ).toMatchObject({ host: '/run/pg+1', port: 5433, user: 'u', database: 'shop', password: 'a b' });
  });

  test('taken apart and put together it leads to the same place', () => {
    const login = parseLogin(
      'postgres://u%40x:p%2Bw@[::1]:5433/a%20b?sslmode=require&options=-c%20a%3Db+c',
      {},
    );
    expect(parseLogin(urlOf(login), {})).toEqual(login);
  });
});

test('encryption that the environment asks for holds where the URL is silent, as it does for libpq', () => {
  const environment = { PGSSLMODE: 'verify-full', PGSSLROOTCERT: '/ca.pem', PGSSLCERT: '' };
  expect(parseLogin('postgres://u@h/shop', environment).parameters).toEqual({
    sslmode: 'verify-full',
    sslrootcert: '/ca.pem',
  });
  expect(parseLogin('postgres://u@h/shop?sslmode=require', environment).parameters).toMatchObject({
    sslmode: 'require',
  });
});
