import type { CommandNode } from './command-tree.ts';
import { environmentVariables, exitCodes } from './help-words.ts';

/**
 * The manual page, in the man(7) macros of roff, made of the same data as the help. `version` stands in its footer.
 */
export function manualPage(commands: readonly CommandNode[], version: string): string {
  return [
    `.TH DRILLBOOK 1 "" "drillbook ${text(version)}" "User commands"`,
    '.SH NAME',
    'drillbook \\- turns Markdown runbooks into guided runs in the terminal',
    '.SH SYNOPSIS',
    '.B drillbook',
    '.RI [ command ]',
    '.RI [ arguments ]',
    '.br',
    '.B drillbook',
    '.IR FILE.md [ #procedure ]',
    '.SH DESCRIPTION',
    text(
      'Shows one step at a time, runs each command with live output, stops people from destroying the wrong thing, and leaves an incident entry that nobody had to write by hand. Without a command it opens at home.',
    ),
    '.SH COMMANDS',
    ...commands.flatMap(section),
    '.SH EXIT STATUS',
    ...exitCodes.flatMap(([code, what]) => ['.TP', `.B ${code}`, text(what)]),
    '.SH ENVIRONMENT',
    ...environmentVariables.flatMap(([name, what]) => ['.TP', `.B ${text(name)}`, text(what)]),
    '.SH FILES',
    ...files.flatMap(([path, what]) => ['.TP', `.I ${text(path)}`, text(what)]),
    '',
  ].join('\n');
}

const files: readonly (readonly [string, string])[] = [
  [
    'drillbook.yaml',
    'targets, folders and sinks of a project: the nearest at or above the working directory, up to the git root',
  ],
  ['$XDG_CONFIG_HOME/drillbook/preferences.json', 'targets and preferences of your own'],
  ['$XDG_STATE_HOME/drillbook/runs/', 'a folder for each run: journal, outputs, recording, entry'],
  ['$XDG_CACHE_HOME/drillbook/', 'what can be made again'],
];

function section(node: CommandNode): readonly string[] {
  // A command that only holds others is told by those.
  const own = node.commands.length === 0;
  return [
    `.SS drillbook ${text(synopsis(node))}`,
    text(sentence(node.summary)),
    ...node.arguments
      .filter(({ summary }) => summary)
      .flatMap((one) => ['.TP', `.I ${text(one.name)}`, text(one.summary)]),
    ...node.options.flatMap((one) => ['.TP', `.B ${text(one.flags)}`, text(one.summary)]),
    ...(own ? node.examples : []).flatMap(([line, what]) => [
      '.PP',
      text(`${what}:`),
      '.br',
      `.B ${text(line)}`,
    ]),
    ...node.commands.flatMap(section),
  ];
}

/** `backup show <backup> [options]` */
export function synopsis(node: CommandNode): string {
  const given = node.arguments.map(({ name, required, variadic }) => {
    const dots = variadic ? `${name}...` : name;
    return required ? `<${dots}>` : `[${dots}]`;
  });
  return [
    node.words,
    ...given,
    ...(node.options.length > 0 ? ['[options]'] : []),
    ...(node.commands.length > 0 ? ['<command>'] : []),
  ].join(' ');
}

function sentence(words: string): string {
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}${/[.?!]$/.test(words) ? '' : '.'}`;
}

/** Escapes what roff would read: backslash, hyphens that are minus signs, quotes, and a dot at the start of a line. */
function text(words: string): string {
  const line = words
    .replace(/\s+/g, ' ')
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replaceAll("'", '\\(aq')
    .replaceAll('"', '\\(dq')
    // What is not ASCII by its number: not every roff reads UTF-8.
    .replace(
      /[^ -~]/gu,
      (sign) => `\\[u${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}]`,
    );
  return /^[.']/.test(line) ? `\\&${line}` : line;
}
