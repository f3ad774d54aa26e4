import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { folders } from '../../src/settings/folders.ts';

test('without variables, the usual places below the home folder', () => {
  expect(folders({ HOME: '/home/ada' })).toEqual({
    state: '/home/ada/.local/state/drillbook',
    config: '/home/ada/.config/drillbook',
    data: '/home/ada/.local/share/drillbook',
    cache: '/home/ada/.cache/drillbook',
  });
});

test('an XDG variable moves its own folder only', () => {
  const found = folders({ HOME: '/home/ada', XDG_STATE_HOME: '/srv/state' });
  expect(found.state).toBe('/srv/state/drillbook');
  expect(found.config).toBe('/home/ada/.config/drillbook');
});

test('relative and empty XDG variables are ignored', () => {
  const found = folders({ HOME: '/home/ada', XDG_STATE_HOME: 'state', XDG_CACHE_HOME: '' });
  expect(found.state).toBe('/home/ada/.local/state/drillbook');
  expect(found.cache).toBe('/home/ada/.cache/drillbook');
});

test('DRILLBOOK_HOME overrides all, and may be relative', () => {
  const found = folders({ HOME: '/home/ada', XDG_STATE_HOME: '/srv/state', DRILLBOOK_HOME: 'mine' });
  expect(found.state).toBe(resolve('mine/state'));
  expect(found.cache).toBe(resolve('mine/cache'));
});

test('without HOME, the home folder that the system knows', () => {
  expect(folders({}).config).toBe(`${homedir()}/.config/drillbook`);
});
