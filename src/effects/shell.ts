import { wordsBehindRedirections } from '../syntax/behind-redirection.ts';
import type { Heredoc } from '../syntax/heredoc.ts';
import { liftHeredocs } from '../syntax/heredoc.ts';
import { type Node, parseShell } from '../syntax/shell.ts';
import type { Account } from './account.ts';
import type { Around, Reader } from './call.ts';
import { dispatch } from './command.ts';
import type { EffectContext } from './context.ts';
import { readEvaluated, readPrompts, readSubscripts } from './evaluated.ts';
import { asHereString, heredocText } from './heredoc-text.ts';
import type { Input } from './input.ts';
import { maskCoproc, maskPlaceholders } from './mask.ts';
import { readRedirect } from './redirect.ts';
import type { Scope } from './scope.ts';
import { readStartedFile } from './started-file.ts';
import { type Origin, ToolReader } from './tool-reader.ts';
import { aliasBody } from './tools/builtin.ts';
import { faultIn, firstWord, named, nameOf } from './tree.ts';
import { resolveWord, resolveWords, type Span, type Word, wordOf } from './word.ts';

/** How deep scripts may stand in scripts, and nodes in nodes, before the rest is called unknown. */
const deepest = { script: 24, node: 400 };

/** How many pieces of a text that does not parse are looked at. */
const mostFragments = 2000;

/** What a statement is known to print, for the next one of its pipeline. */
type Output = Input | undefined;

/**
 * Walks the tree of one shell script. One file, because the walk is one recursion: each kind of statement hands
 * scope and standard input on to the next. Scripts inside it (`bash -c`, functions, heredocs) get a reader of their own.
 */
export class ShellReader extends ToolReader {
  readonly #depth: number;
  /** By the mark that stands for it in the lifted text. */
  #heredocs: ReadonlyMap<string, Heredoc> = new Map();
  #nesting = 0;

  constructor(
    account: Account,
    context: EffectContext,
    scope: Scope,
    origin: Origin,
    place?: string,
    depth = 0,
  ) {
    super(account, context, scope, origin, place);
    this.#depth = depth;
  }

  /** Reads a whole script. `stdin` is what its first reader of standard input would get. */
  script(text: string, stdin?: Input): undefined {
    const plain = maskPlaceholders(text);
    const masked = maskCoproc(plain);
    if (masked !== plain) this.mark({ background: true });
    const lifted = liftHeredocs(masked);
    this.#heredocs = new Map(lifted.heredocs.map((heredoc) => [heredoc.mark, heredoc]));
    for (const heredoc of lifted.heredocs)
      if (!heredoc.closed)
        this.broken(text, 'a heredoc without its end', this.#at(Math.max(0, heredoc.start - 1), heredoc.end));
    const tree = parseShell(lifted.text);
    try {
      if (tree.rootNode.hasError) {
        const fault = faultIn(tree.rootNode);
        const span = this.#at(fault?.startIndex ?? 0, fault?.endIndex ?? text.length);
        this.broken(text, 'this does not read as shell', span);
        this.#fragments(lifted.text, span);
      }
      this.#walk(tree.rootNode, this.scope, stdin);
    } finally {
      tree.delete();
    }
  }

  override writes(path: Word, verb?: string): undefined {
    readStartedFile(path, this);
    return super.writes(path, verb);
  }

  /** The grammar lost its way: whatever reads as a command between separators is read for itself as well. */
  #fragments(text: string, span: Span): undefined {
    if (this.#depth >= deepest.script) return;
    const separators = /(?:[;&|(){}\n`]|(?<![\w-])(?:do|then|else|elif|in|!)(?![\w-]))+/;
    for (const fragment of text.split(separators, mostFragments)) {
      const command = fragment.trim();
      if (!/^[\w"'$./\\]+\s/.test(command)) continue;
      if (!this.account.spend(command.length)) return this.tooDeep(span);
      const tree = parseShell(command);
      const whole = !tree.rootNode.hasError;
      tree.delete();
      if (whole) this.#inner({ span }, this.scope.copy(), span).script(command);
    }
  }

  command(words: readonly Word[], around: Around): undefined {
    const reader = around.place === undefined ? this : this.#inner(around, this.scope, around.span);
    if (reader !== this) return reader.command(words, { ...around, place: undefined });
    if (this.#nesting > deepest.node) return this.tooDeep(around.span);
    this.#nesting += 1;
    dispatch(words, around, this, this.scope);
    this.#nesting -= 1;
  }

  shell(script: Word, around: Parameters<Reader['shell']>[1]): undefined {
    if (this.#depth >= deepest.script || !this.account.spend(script.text.length))
      return this.tooDeep(around.span);
    const { positional, sourced } = around;
    for (const word of positional ?? []) readSubscripts(word, this, around.span);
    const scope = !sourced
      ? this.scope.copy(positional)
      : positional
        ? this.scope.calling(positional)
        : this.scope.inside();
    // In front of what is sourced they last no longer than it; after it nobody knows.
    const given = sourced ? scope.maybe() : scope;
    for (const [name, word] of around.environment ?? [])
      given.assign(name, word.known ? word.text : undefined, word);
    const origin = script.offset >= 0 ? { offset: script.offset } : { start: script.start, end: script.end };
    this.#inner(around, scope, origin).script(script.text, around.stdin);
  }

  #inner(around: Around, scope: Scope, origin: { offset: number } | Span): ShellReader {
    const place = around.place ? [around.place, this.place].filter(Boolean).join(' ') : this.place;
    return new ShellReader(this.account, this.context, scope, origin, place, this.#depth + 1);
  }

  #at = (start: number, end: number): Span =>
    'offset' in this.origin
      ? { start: this.origin.offset + start, end: this.origin.offset + end }
      : { start: this.origin.start, end: this.origin.end };

  #walk(node: Node, scope: Scope, stdin: Input | undefined): Output {
    if (this.#nesting > deepest.node) {
      this.tooDeep(this.#at(node.startIndex, node.endIndex));
      return undefined;
    }
    this.#nesting += 1;
    const output = this.#visit(node, scope, stdin);
    this.#nesting -= 1;
    return output;
  }

  #visit(node: Node, scope: Scope, stdin: Input | undefined): Output {
    switch (node.type) {
      case 'comment':
        return undefined;
      case 'command':
        return this.#simple(node, scope, stdin);
      case 'pipeline':
        return this.#pipeline(named(node), scope, stdin);
      case 'redirected_statement':
        return this.#redirected(node, scope, stdin);
      case 'list': {
        const [left, ...right] = named(node);
        const before = left && this.#walk(left, scope, stdin);
        for (const each of right) this.#walk(each, scope.maybe(), stdin);
        return right.length === 0 ? before : undefined;
      }
      case 'subshell':
        return this.#sequence(node, scope.copy(), stdin);
      case 'program':
      case 'negated_command':
        return this.#sequence(node, scope, stdin);
      case 'compound_statement':
        if (node.text.startsWith('((')) {
          this.#evaluated(node, scope);
          return this.#substitutions(node, scope);
        }
        return this.#sequence(node, scope, stdin);
      case 'if_statement':
      case 'case_statement':
      case 'case_item':
        return this.#sequence(node, scope.maybe(), stdin);
      case 'for_statement':
      case 'while_statement':
      case 'c_style_for_statement': {
        const loop = scope.maybe();
        for (const assigned of node.descendantsOfType('variable_assignment'))
          if (assigned) loop.assign(nameOf(assigned), undefined);
        const variable = node.childForFieldName('variable');
        if (variable) this.#loopVariable(node, variable, loop, scope);
        // A menu is answered by a person, unless something feeds it.
        if (node.firstChild?.type === 'select' && stdin === undefined) this.mark({ interactive: true });
        return this.#sequence(node, loop, stdin);
      }
      case 'function_definition':
        return this.#function(node, scope);
      case 'variable_assignment': {
        this.#assign(node, scope);
        return undefined;
      }
      case 'declaration_command':
        if (this.#redefined(node, node.firstChild?.text ?? '', scope, stdin)) return undefined;
        return this.#declaration(node, scope);
      case 'variable_assignments':
        return this.#declaration(node, scope);
      case 'unset_command':
        if (this.#redefined(node, 'unset', scope, stdin)) return undefined;
        for (const child of named(node)) {
          this.#evaluated(child, scope);
          scope.unset(child.text);
        }
        return undefined;
      case 'test_command':
        if (node.text.startsWith('[ ') && this.#redefined(node, '[', scope, stdin)) return undefined;
        this.#evaluated(node, scope);
        return this.#substitutions(node, scope);
      case 'command_substitution':
      case 'process_substitution':
        return this.#sequence(node, scope.copy(), stdin);
      case 'file_redirect':
        this.#redirect(node, scope);
        return undefined;
      default:
        // Whatever else the grammar makes of a text, nothing in it is passed over.
        return this.#sequence(node, scope, stdin);
    }
  }

  /** Statements one after the other. What the last one prints is what all print only where it is alone. */
  #sequence(node: Node, scope: Scope, stdin: Input | undefined): Output {
    const children = node.children;
    const outputs: Output[] = [];
    for (let i = 0; i < children.length; i++) {
      const child = children[i];
      if (!child) continue;
      if (child.type === '&') this.mark({ background: true });
      if (child.isNamed && child.type !== 'comment') outputs.push(this.#walk(child, scope, stdin));
    }
    return outputs.length === 1 ? outputs[0] : undefined;
  }

  #pipeline(stages: readonly Node[], scope: Scope, stdin: Input | undefined): Output {
    let input = stdin;
    for (const stage of stages) {
      if (stage.type === 'comment') continue;
      input = this.#walk(stage, scope.copy(), input) ?? { kind: 'pipe', from: firstWord(stage) };
    }
    return input;
  }

  #redirected(node: Node, scope: Scope, stdin: Input | undefined): Output {
    const body = node.childForFieldName('body');
    let input = stdin;
    let diverted = false;
    // In `cd x && date > y` the file is the last command's, which stands in x by then.
    const written: Node[] = [];
    for (const child of named(node)) {
      if (child.id === body?.id) continue;
      if (body?.type === 'list' && child.type === 'file_redirect' && !child.text.includes('<')) {
        written.push(child);
        continue;
      }
      const redirect = this.#redirect(child, scope);
      input = redirect?.stdin ?? input;
      diverted ||= redirect?.stdout ?? false;
    }
    if (!body) return input;
    const output = this.#walk(body, scope, input);
    for (const child of written) diverted = (this.#redirect(child, scope)?.stdout ?? false) || diverted;
    return diverted ? { kind: 'nothing' } : output;
  }

  #redirect(node: Node, scope: Scope): { stdin?: Input; stdout?: boolean } | undefined {
    this.#substitutions(node, scope);
    const reader = scope === this.scope ? this : this.#sharing(scope);
    return readRedirect(node, reader, (target) => {
      const heredoc = this.#heredocs.get(target.text.charAt(0));
      if (heredoc) return { heredoc: this.#heredoc(heredoc, scope) };
      return { word: this.#word(target, scope) };
    });
  }

  /** A heredoc's text as the command gets it; substitutions in it run. */
  #heredoc(heredoc: Heredoc, scope: Scope): Word {
    const span = this.#at(heredoc.start, heredoc.end);
    return heredocText(heredoc, this.#values(scope), span, 'offset' in this.origin, (tree) =>
      this.#substitutions(tree, scope, span),
    );
  }

  #simple(node: Node, scope: Scope, stdin: Input | undefined): Output {
    const words: Word[] = [];
    const environment = new Map<string, Word>();
    let input = stdin;
    let diverted = false;
    for (const child of named(node)) {
      switch (child.type) {
        case 'variable_assignment': {
          this.#substitutions(child, scope);
          const value = child.childForFieldName('value');
          if (!value) break;
          const word = this.#word(value, scope);
          environment.set(nameOf(child), word);
          readSubscripts(word, this, word);
          break;
        }
        case 'file_redirect':
        case 'herestring_redirect':
        case 'heredoc_redirect': {
          const redirect = this.#redirect(child, scope);
          input = redirect?.stdin ?? input;
          diverted ||= redirect?.stdout ?? false;
          break;
        }
        case 'subshell':
          // `! if true; then (…)`: the grammar takes `then` for a command, and the subshell for its argument.
          this.#walk(child, scope.copy(), input);
          break;
        default:
          this.#substitutions(child, scope);
          words.push(...resolveWords(child, this.#values(scope), this.#at));
      }
    }
    for (const word of wordsBehindRedirections(node))
      words.push(...resolveWords(word, this.#values(scope), this.#at));
    const span = this.#at(node.startIndex, node.endIndex);
    if (words.length === 0) return undefined;
    const inner = scope === this.scope ? this : this.#sharing(scope);
    const output = dispatch(words, { stdin: input, span, environment }, inner, scope);
    return diverted ? { kind: 'nothing' } : output;
  }

  /** This reader in another scope of the same script. */
  #sharing(scope: Scope): ShellReader {
    const made = new ShellReader(this.account, this.context, scope, this.origin, this.place, this.#depth);
    made.#heredocs = this.#heredocs;
    made.#nesting = this.#nesting;
    return made;
  }

  #function(node: Node, scope: Scope): Output {
    const name = node.childForFieldName('name');
    const body = node.childForFieldName('body');
    if (!name || !body) return undefined;
    const end = node.endIndex;
    const span = this.#at(body.startIndex, end);
    // Heredocs of the body were lifted out of the tree's text: they go back in before it is read on a call.
    let text = node.text.slice(body.startIndex - node.startIndex);
    let exact = 'offset' in this.origin;
    text = text.replace(/<([\ue000-\uf8ff])\1*/g, (run, mark: string) => {
      const heredoc = this.#heredocs.get(mark);
      if (!heredoc) return run;
      exact = false;
      return asHereString(heredoc);
    });
    scope.define(name.text, {
      text,
      known: true,
      quoted: true,
      offset: exact ? span.start : -1,
      ...span,
    });
    return undefined;
  }

  /** A function or an alias of a builtin's name comes before it: `export() { … }`. */
  #redefined(node: Node, name: string, scope: Scope, stdin: Input | undefined): boolean {
    const defined = scope.definition(name);
    if (!defined) return false;
    const span = this.#at(node.startIndex, node.endIndex);
    const words = named(node).flatMap((child) => resolveWords(child, this.#values(scope), this.#at));
    this.#sharing(scope).command([wordOf(name, span), ...words], { span, stdin });
    return !defined.maybe;
  }

  /** `export A=b 'c[1]=d'`: a subscript in quotes is expanded once more. */
  #declaration(node: Node, scope: Scope): undefined {
    for (const child of named(node))
      if (child.type === 'variable_assignment') this.#assign(child, scope);
      else {
        this.#evaluated(child, scope);
        this.#substitutions(child, scope);
        const [word] = resolveWords(child, this.#values(scope), this.#at);
        const set = word && /^(\w+)=([\s\S]*)$/.exec(word.text);
        if (set) this.#waits(set[1]!, { ...word, text: set[2]!, offset: -1 }, scope);
        if (set)
          scope.assign(set[1]!, word.known ? set[2]! : undefined, { ...word, text: set[2]!, offset: -1 });
      }
    return undefined;
  }

  /** Each word of `for x in a b` is a value that the variable may have. */
  #loopVariable(node: Node, variable: Node, loop: Scope, scope: Scope): undefined {
    loop.assign(variable.text, undefined);
    for (const child of named(node)) {
      if (child.id === variable.id || child.type === 'do_group') continue;
      for (const word of resolveWords(child, this.#values(scope), this.#at))
        if (word.known) {
          readSubscripts(word, this, word);
          loop.assign(variable.text, word.text, word);
        }
    }
  }

  /** Texts in quotes, and what known variables hold, where the shell reckons: subscripts in them are expanded. */
  #evaluated(node: Node, scope: Scope): undefined {
    for (const each of [
      node,
      ...node.descendantsOfType(['raw_string', 'ansi_c_string', 'variable_name', 'word']),
    ]) {
      if (!each) continue;
      if (each.type === 'raw_string' || each.type === 'ansi_c_string') {
        const word = this.#word(each, scope);
        readEvaluated(word, this, word);
      } else if (each.type === 'variable_name' || each.type === 'word') {
        const value = scope.value(each.text);
        const span = this.#at(each.startIndex, each.endIndex);
        if (value !== undefined) readEvaluated(wordOf(value, span), this, span);
      }
    }
    return undefined;
  }

  #assign(node: Node, scope: Scope): undefined {
    this.#substitutions(node, scope);
    const value = node.childForFieldName('value');
    const plain = node.childForFieldName('name')?.type === 'variable_name' && !node.text.includes('+=');
    const word = plain && value && value.type !== 'array' ? this.#word(value, scope) : undefined;
    const empty = plain && !value;
    const span = this.#at(node.startIndex, node.endIndex);
    const written = word ?? wordOf(value?.text ?? '', span, empty);
    if (word) this.#waits(nameOf(node), word, scope);
    else if (value)
      for (const each of value.descendantsOfType(['raw_string', 'ansi_c_string', 'string']))
        if (each) this.#waits(nameOf(node), this.#word(each, scope), scope);
    if (value && /^BASH_(ALIASES|CMDS)\b/.test(nameOf(node)))
      this.#renames(node, this.#word(value, scope), scope, span);
    scope.assign(nameOf(node), empty ? '' : word?.known ? word.text : undefined, written);
  }

  /** `BASH_ALIASES[ls]=…` is `alias ls=…`, `BASH_CMDS[ls]=…` is `hash -p … ls`; whole arrays are not taken apart. */
  #renames(node: Node, value: Word, scope: Scope, span: Span): undefined {
    const name = /^\w+\[["']?([^\]"'$`]+)["']?\]/.exec(node.childForFieldName('name')?.text ?? '')?.[1];
    if (name === undefined || !value.known || node.text.includes('+='))
      return this.add('unknown', `${nameOf(node)} gives names of commands another meaning`, span);
    scope.define(name, aliasBody(name, value, span));
  }

  /** A value that does nothing yet, and runs when the shell looks at it. */
  #waits(name: string, value: Word, scope: Scope): undefined {
    const reader = this.#sharing(scope);
    readSubscripts(value, reader, value);
    readPrompts(name, value, reader, value);
  }

  /** Commands inside words: `$(…)`, backquotes, `<(…)`. They run before the command itself. */
  #substitutions(node: Node, scope: Scope, within?: Span): undefined {
    if (node.type === 'command_substitution' || node.type === 'process_substitution') {
      const reader = within
        ? new ShellReader(this.account, this.context, scope, within, this.place, this.#depth + 1)
        : this;
      reader.#heredocs = this.#heredocs;
      reader.#walk(node, scope, undefined);
      return undefined;
    }
    if (this.#nesting > deepest.node) {
      this.tooDeep(this.#at(node.startIndex, node.endIndex));
      return undefined;
    }
    this.#nesting += 1;
    const prompted = node.type === 'expansion' && /\$\{(\w+)(?:\[[^\]]*\])?@P\}$/.exec(node.text)?.[1];
    if (prompted) this.#prompted(prompted, node, scope, within);
    if (node.namedChildCount > 0) for (const child of named(node)) this.#substitutions(child, scope, within);
    this.#nesting -= 1;
    return undefined;
  }

  /** `${x@P}`: what the variable holds is expanded as a prompt is. */
  #prompted(name: string, node: Node, scope: Scope, within: Span | undefined): undefined {
    const span = within ?? this.#at(node.startIndex, node.endIndex);
    const value = scope.value(name);
    if (value !== undefined) return readEvaluated(wordOf(value, span), this, span);
    this.add('unknown', `what ${node.text.trim()} runs is known only when it runs`, span);
  }

  #word(node: Node, scope: Scope): Word {
    return resolveWord(node, this.#values(scope), this.#at);
  }

  #values(scope: Scope) {
    return { value: (name: string) => scope.value(name), positional: scope.positional };
  }
}
