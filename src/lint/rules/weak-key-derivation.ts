import { invocationsOf } from '../database-work.ts';
import { inShell } from '../example.ts';
import type { Rule } from '../rule.ts';

export const weakKeyDerivation: Rule = {
  id: 'weak-key-derivation',
  severity: 'warning',
  summary: 'openssl enc makes the key from the password in one step',
  why: 'Without -pbkdf2 a stolen backup can be tried with billions of passwords a second; openssl itself warns of it.',
  instead:
    'Add -pbkdf2 -iter 600000, here and where it is decrypted; or use age or gpg, which also notice changed bytes.',
  examples: {
    bad: [inShell('openssl enc -aes-256-cbc -in a -out b -pass env:KEY')],
    good: [
      inShell('openssl enc -aes-256-cbc -pbkdf2 -iter 600000 -in a -out b -pass env:KEY'),
      inShell('openssl enc -d -aes-256-cbc -in b -out a -pass env:KEY'),
    ],
  },
  check(document, report) {
    for (const { invocation, script } of invocationsOf(document)) {
      const texts = invocation.words.map((word) => word.text);
      if (invocation.name !== 'openssl' || texts[0] !== 'enc') continue;
      // How it is decrypted follows from how it was encrypted.
      if (texts.some((text) => /^-(?:pbkdf2|iter|d|K|help|list|base64|a)$/.test(text))) continue;
      report(script.place(invocation.start, invocation.end));
    }
  },
};
