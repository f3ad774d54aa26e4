/** A stream of numbers from 0 to below 1, the same for the same seed. Algorithm: mulberry32 (Tommy Ettinger, public domain). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Lines that Markdown or a shell reads in a special way. */
const special = [
  ...[
    '# A',
    '## Step 1: Go',
    '## Option A',
    '#### 2. Look (1–2 minutes)',
    '=====',
    '-----',
    '---',
    '***',
    '',
  ],
  ...[
    '- [ ] check',
    '- do it',
    '1. Open the page',
    '   2) Run it',
    '\tTab',
    '> quoted',
    '>> twice',
    '     > deep',
  ],
  ...[
    '=== "Tab"',
    '!!! note',
    '??? warning "x"',
    '> [!NOTE]',
    '<details>',
    '</details>',
    '<!--',
    '-->',
    '<pre>',
    '</pre>',
  ],
  ...[
    '```bash',
    '```',
    '~~~',
    '````sql',
    '```console',
    '  ```sh {phase=restore}',
    '``` {.python}',
    '    ```',
    '> ```sh',
    '- ```sh',
  ],
  ...[
    '$ ls -l',
    '# rm -rf /x',
    'db=# SELECT 1;',
    '> flushall',
    'psql $URL',
    '\\q',
    'SELECT 1;',
    'cat <<EOF',
    'EOF',
    "cat <<-'X'",
  ],
  ...[
    '**Label**:',
    '**Key**: value',
    '# Or this',
    '# Method 2',
    '| a | b |',
    '|---|---|',
    'or',
    'echo <host> ${X:-1} $Y',
    'a \\',
  ],
  ...[
    '[a](b.md)',
    '[a]: b',
    '[^1]: x',
    '`kubectl get pods`',
    '\0',
    '‚Äì',
    'for i in 1; do',
    'done',
    '\ud83d',
    'echo "open',
    '$(',
    '${',
    "'",
  ],
];

const largest = 1_000_000;

/** A document made of others by chance: cut, doubled, spliced, indented, quoted, repeated, or only bytes. */
export function mutant(documents: readonly string[], random: () => number): string {
  const below = (limit: number) => Math.floor(random() * limit);
  const any = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const bytes = (length: number) => Buffer.from(Array.from({ length }, () => below(256))).toString('utf8');
  const window = () => {
    const document = any(documents);
    if (random() < 0.15) return document;
    const at = below(document.length);
    return document.slice(at, at + 200 + below(4000));
  };
  if (random() < 0.03) return bytes(below(5000));
  if (random() < 0.1)
    return Array.from({ length: 1 + below(60) }, () => any(special)).join(any(['\n', '\r\n', '\r']));

  let text = window();
  for (let left = 1 + below(6); left > 0; left--) {
    const lines = text.split('\n');
    const from = below(lines.length);
    const count = 1 + below(12);
    const at = below(text.length + 1);
    const prefixed = (prefix: string) =>
      lines.map((line, index) => (index >= from && index < from + count ? prefix + line : line)).join('\n');
    switch (below(14)) {
      case 0:
        text = text.slice(0, at) + text.slice(at + below(200));
        break;
      case 1:
        text = text.slice(0, at) + text.slice(at, at + 200) + text.slice(at);
        break;
      case 2:
        text = lines.toSpliced(from, 0, any(special)).join('\n');
        break;
      case 3:
        text = lines.toSpliced(from, count).join('\n');
        break;
      case 4:
        text = lines.toSpliced(from, 0, ...window().split('\n').slice(0, 30)).join('\n');
        break;
      case 5:
        text = prefixed(any(['  ', '    ', '\t', '   ', ' \t']));
        break;
      case 6:
        text = prefixed(any(['> ', '>', '- ', '1. ', '# ', '| ', '$ ', '* [ ] ']));
        break;
      case 7:
        text = text.replaceAll('\n', any(['\r\n', '\r', '\n\n', '\n\t']));
        break;
      case 8:
        text =
          text.slice(0, at) +
          any([
            ...special,
            bytes(1 + below(6)),
            '\u00a0',
            '\u2028',
            '\ufeff',
            '`',
            '``',
            '*',
            '[',
            '<',
            '|',
            '\\',
          ]) +
          text.slice(at);
        break;
      case 9:
        text = lines.filter((line) => !/^\s*(?:```|~~~)\s*$/.test(line) || random() < 0.7).join('\n');
        break;
      case 10:
        text = lines.toSorted(() => random() - 0.5).join('\n');
        break;
      case 11:
        text = Buffer.from(Buffer.from(text).map((byte) => (random() < 0.002 ? below(256) : byte))).toString(
          'utf8',
        );
        break;
      case 12:
        text = text.slice(0, at) + any(special) + window() + text.slice(at);
        break;
      default:
        // Rarely: a long time is spent on a long text.
        if (random() < 0.08) {
          const piece = any([
            text,
            any(special),
            `${any(special)}\n`,
            text.slice(at, at + 40),
            any(['`', '[', '*', '> ', '- ', '$(', '<a ']),
          ]);
          if (piece) text += piece.repeat(1 + below(Math.min(20_000, Math.floor(largest / piece.length))));
        }
    }
    if (text.length > largest) text = text.slice(0, largest);
  }
  return text;
}
