/** What a person has decided before an unattended run, by flags. */
export interface Permissions {
  /** Enter-level guards count as given. */
  readonly yes: boolean;
  /** Typed phrases, one for each thing that may be destroyed. */
  readonly confirm: readonly string[];
  /** Ids or titles of options. */
  readonly options: readonly string[];
  /** Ids or texts of manual actions and checklist items that are done; `all` for every one. */
  readonly done: readonly string[];
  /** Lines of the runbook at which guessed blocks begin that are to be read the other way. */
  readonly reread?: readonly number[];
  /** How an interrupted command is settled on resume, and how that is known. */
  readonly settle?: { readonly as: 'succeeded' | 'failed'; readonly note: string };
}
