import { parse } from 'yaml';

/** What a YAML text says, for those who only look at it; undefined where it cannot be read. */
export function uncheckedYaml(text: string): unknown {
  try {
    return parse(text, { logLevel: 'silent' });
  } catch {
    return undefined;
  }
}
