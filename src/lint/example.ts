/** A small runbook with one block, for the examples of rules. */
export function inShell(...lines: readonly string[]): string {
  return `# Example\n\n## Restore the database\n\n\`\`\`bash\n${lines.join('\n')}\n\`\`\`\n`;
}

export function inSql(...lines: readonly string[]): string {
  return `# Example\n\n## Look at the database\n\n\`\`\`sql\n${lines.join('\n')}\n\`\`\`\n`;
}
