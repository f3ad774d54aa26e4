const tags: Readonly<Record<string, string>> = {
  powershell: 'PowerShell',
  'powershell-interactive': 'PowerShell',
  azurepowershell: 'PowerShell',
  'azurepowershell-interactive': 'PowerShell',
  pwsh: 'PowerShell',
  ps1: 'PowerShell',
  posh: 'PowerShell',
  bat: 'the Windows command prompt',
  batch: 'the Windows command prompt',
  batchfile: 'the Windows command prompt',
  cmd: 'the Windows command prompt',
  dos: 'the Windows command prompt',
};

/**
 * The shell that a block is for where bash cannot run it: by its tag, or by the prompt on its first line
 * (`PS C:\> …`, `C:\data> …`). Undefined for all others.
 */
export function foreignShell(tag: string, lines: readonly string[]): string | undefined {
  const named = Object.hasOwn(tags, tag) ? tags[tag] : undefined;
  if (named) return named;
  const first = lines.find((line) => line.trim() !== '')?.slice(0, 300) ?? '';
  const prompt = /^\s*(PS )?(?:[A-Z]:\\[^<>|"]{0,200})?>\s*\S/.exec(first);
  if (!prompt || prompt[0].trim().startsWith('>')) return undefined;
  return prompt[1] ? 'PowerShell' : 'the Windows command prompt';
}
