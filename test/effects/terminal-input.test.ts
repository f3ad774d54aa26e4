import { beforeAll, expect, test } from 'vitest';
import { readEffects } from '../../src/effects/read.ts';
import { loadSyntax } from '../support/syntax.ts';

beforeAll(loadSyntax);

test.each([
  'read -p "Go on? " answer',
  'read answer',
  'read -rs password',
  'read -t 30 answer',
  'read x < /dev/tty',
  'mapfile -t names',
  'select name in a b c; do break; done',
  'echo one; if true; then read -p "sure? " y; fi',
  'while true; do read -p "again? " y; [ "$y" = n ] && break; done',
  'ask() { read -p "sure? " y; }; ask',
  'bash -c "read x"',
  'read -p "go? " && pg_dump app > app.sql',
])('wants the terminal: %s', (text) => {
  expect(readEffects(text, 'shell').interactive).toBe(true);
});

test.each([
  'echo yes | read x',
  'read x <<< yes',
  'read -r first < list.txt',
  'read -d "" text <<EOF\nhello\nEOF',
  'read x < <(date)',
  'while read -r line; do echo "$line"; done < list.txt',
  'ls | while read -r file; do echo "$file"; done',
  'ls | { read -r first; echo "$first"; }',
  'mapfile -t names < <(ls)',
  'read -u 3 x 3< list.txt',
  'read x < /dev/null',
  'printf "1\\n" | select name in a b; do break; done',
  'select name in a b; do break; done <<< 1',
  'ask() { read x; }; echo yes | ask',
  'echo "read -p name"',
])('is fed, or reads nothing: %s', (text) => {
  expect(readEffects(text, 'shell').interactive).toBe(false);
});
