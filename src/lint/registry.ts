import type { Rule } from './rule.ts';
import { ageOnlyRetention } from './rules/age-only-retention.ts';
import { archiveCommandOverwrites } from './rules/archive-command-overwrites.ts';
import { backgroundFailureHidden } from './rules/background-failure-hidden.ts';
import { backgroundNotAwaited } from './rules/background-not-awaited.ts';
import { backupModeNeedsOneSession } from './rules/backup-mode-needs-one-session.ts';
import { cleanWithoutIfExists } from './rules/clean-without-if-exists.ts';
import { composeV1 } from './rules/compose-v1.ts';
import { curlWithoutFail } from './rules/curl-without-fail.ts';
import { deadAnchor } from './rules/dead-anchor.ts';
import { deadLink } from './rules/dead-link.ts';
import { destroysBeforeSafetyBackup } from './rules/destroys-before-safety-backup.ts';
import { dumpHasNoDestination } from './rules/dump-has-no-destination.ts';
import { duplicateAnchor } from './rules/duplicate-anchor.ts';
import { globMayMatchMany } from './rules/glob-may-match-many.ts';
import { guessedBlock } from './rules/guessed-block.ts';
import { hardToRead } from './rules/hard-to-read.ts';
import { invalidConfigKey } from './rules/invalid-config-key.ts';
import { invertedExitCode } from './rules/inverted-exit-code.ts';
import { listIsNotVerification } from './rules/list-is-not-verification.ts';
import { maintenanceWithoutOff } from './rules/maintenance-without-off.ts';
import { missingTarget } from './rules/missing-target.ts';
import { missingTool } from './rules/missing-tool.ts';
import { noContacts } from './rules/no-contacts.ts';
import { noOwner } from './rules/no-owner.ts';
import { noRollback } from './rules/no-rollback.ts';
import { noVerificationOfRestore } from './rules/no-verification-of-restore.ts';
import { nonInteractiveFlagMissing } from './rules/non-interactive-flag-missing.ts';
import { partialFileOnFailure } from './rules/partial-file-on-failure.ts';
import { pgDumpParallelNeedsDirectory } from './rules/pg-dump-parallel-needs-directory.ts';
import { pipelineHidesFailure } from './rules/pipeline-hides-failure.ts';
import { protectedTableExcluded } from './rules/protected-table-excluded.ts';
import { psqlWithoutOnErrorStop } from './rules/psql-without-on-error-stop.ts';
import { removedPostgresFunction } from './rules/removed-postgres-function.ts';
import { scheduleCollision } from './rules/schedule-collision.ts';
import { secretInText } from './rules/secret-in-text.ts';
import { secretOnCommandLine } from './rules/secret-on-command-line.ts';
import { serverSideCopy } from './rules/server-side-copy.ts';
import { singleQuotedExpansion } from './rules/single-quoted-expansion.ts';
import { sizeIsNotVerification } from './rules/size-is-not-verification.ts';
import { staleDocument } from './rules/stale-document.ts';
import { suppressionWithoutReason } from './rules/suppression-without-reason.ts';
import { terminateWithoutFence } from './rules/terminate-without-fence.ts';
import { ttyWithoutTerminal } from './rules/tty-without-terminal.ts';
import { unclosedFence } from './rules/unclosed-fence.ts';
import { unknownFlagForm } from './rules/unknown-flag-form.ts';
import { unknownSubcommand } from './rules/unknown-subcommand.ts';
import { unresolvedPlaceholder } from './rules/unresolved-placeholder.ts';
import { unresolvedText } from './rules/unresolved-text.ts';
import { unsetVariableExpandsEmpty } from './rules/unset-variable-expands-empty.ts';
import { weakKeyDerivation } from './rules/weak-key-derivation.ts';

/** Every rule, by the alphabet. */
export const rules: readonly Rule[] = [
  ageOnlyRetention,
  archiveCommandOverwrites,
  backgroundFailureHidden,
  backgroundNotAwaited,
  backupModeNeedsOneSession,
  cleanWithoutIfExists,
  composeV1,
  curlWithoutFail,
  deadAnchor,
  deadLink,
  destroysBeforeSafetyBackup,
  dumpHasNoDestination,
  duplicateAnchor,
  globMayMatchMany,
  guessedBlock,
  hardToRead,
  invalidConfigKey,
  invertedExitCode,
  listIsNotVerification,
  maintenanceWithoutOff,
  missingTarget,
  missingTool,
  noContacts,
  noOwner,
  noRollback,
  noVerificationOfRestore,
  nonInteractiveFlagMissing,
  partialFileOnFailure,
  pgDumpParallelNeedsDirectory,
  pipelineHidesFailure,
  protectedTableExcluded,
  psqlWithoutOnErrorStop,
  removedPostgresFunction,
  scheduleCollision,
  secretInText,
  secretOnCommandLine,
  serverSideCopy,
  singleQuotedExpansion,
  sizeIsNotVerification,
  staleDocument,
  suppressionWithoutReason,
  terminateWithoutFence,
  ttyWithoutTerminal,
  unclosedFence,
  unknownFlagForm,
  unknownSubcommand,
  unresolvedPlaceholder,
  unresolvedText,
  unsetVariableExpandsEmpty,
  weakKeyDerivation,
];

const byId = new Map(rules.map((rule) => [rule.id, rule]));

/** The rule of an id; undefined where there is none. */
export function ruleNamed(id: string): Rule | undefined {
  return byId.get(id);
}
