import type { Reader } from '../effects/call.ts';
import { maskPlaceholders, unmask } from '../effects/mask.ts';
import { named } from '../effects/tree.ts';
import { resolveWord, resolveWords, type Span, type Word } from '../effects/word.ts';
import { type Heredoc, liftHeredocs } from '../syntax/heredoc.ts';
import { type Node, parseShell } from '../syntax/shell.ts';
import { type Frame, outermost, substituted } from './frame.ts';
import type { Assignment, Invocation, Pipeline } from './invocation.ts';
import { listener } from './listener.ts';
import { redirected } from './redirection.ts';
import { worded } from './worded.ts';

/** What a script starts and sets, in order. */
export interface ScriptReading {
  readonly invocations: readonly Invocation[];
  readonly assignments: readonly Assignment[];
}

/** Scripts in scripts deeper than this, and nodes in nodes, are left alone. */
const deepest = { script: 12, node: 300 };

const nothingKnown = { value: () => undefined, positional: undefined };

/**
 * Reads the commands of a shell script from its syntax tree, through the same wrappers that the effects room knows.
 * Spans count in `text`. Never throws for what the text holds.
 */
export function readInvocations(text: string): ScriptReading {
  const found = { invocations: [], assignments: [] };
  new InvocationReader(found, [], 0, { offset: 0 }).script(text, undefined);
  return found;
}

/** One walk over one tree: its visitors share the place in the script, so they stand together, at some length. */
class InvocationReader {
  readonly #found: { readonly invocations: Invocation[]; readonly assignments: Assignment[] };
  readonly #within: readonly string[];
  readonly #depth: number;
  readonly #origin: { readonly offset: number } | Span;
  #heredocs = new Map<string, Heredoc>();
  #pipefail = false;
  #nesting = 0;

  constructor(
    found: { readonly invocations: Invocation[]; readonly assignments: Assignment[] },
    within: readonly string[],
    depth: number,
    origin: { readonly offset: number } | Span,
  ) {
    this.#found = found;
    this.#within = within;
    this.#depth = depth;
    this.#origin = origin;
  }

  script(text: string, frame: Frame | undefined): undefined {
    const lifted = liftHeredocs(maskPlaceholders(text));
    for (const heredoc of lifted.heredocs) this.#heredocs.set(heredoc.mark, heredoc);
    const tree = parseShell(lifted.text);
    try {
      this.#walk(tree.rootNode, frame ?? outermost(this.#at(0, text.length)));
    } finally {
      tree.delete();
    }
  }

  #at = (start: number, end: number): Span =>
    'offset' in this.#origin
      ? { start: this.#origin.offset + start, end: this.#origin.offset + end }
      : { start: this.#origin.start, end: this.#origin.end };

  #span(node: Node): Span {
    return this.#at(node.startIndex, node.endIndex);
  }

  #walk(node: Node, frame: Frame): undefined {
    if (this.#nesting > deepest.node) return;
    this.#nesting += 1;
    this.#visit(node, frame);
    this.#nesting -= 1;
  }

  #visit(node: Node, frame: Frame): undefined {
    switch (node.type) {
      case 'comment':
        return;
      case 'command':
        return this.#command(node, frame);
      case 'pipeline':
        return this.#pipeline(node, frame);
      case 'redirected_statement':
        return this.#redirected(node, frame);
      case 'list':
        return this.#list(node, frame);
      case 'negated_command':
        return this.#children(node, { ...frame, tested: true });
      case 'if_statement':
      case 'elif_clause':
      case 'while_statement': {
        const loop = node.type === 'while_statement';
        // What stands before `then` or `do` is the condition.
        let condition = true;
        for (const child of node.children) {
          if (!child) continue;
          if (child.type === 'then' || child.type === 'do_group') condition = false;
          if (child.isNamed) this.#walk(child, { ...frame, tested: condition, looped: frame.looped || loop });
        }
        return;
      }
      case 'for_statement':
      case 'c_style_for_statement':
        return this.#children(node, { ...frame, looped: true });
      case 'variable_assignment':
        return this.#assign(node, false, frame);
      case 'declaration_command': {
        const exported = /^(export|declare\s+-\w*x)\b/.test(node.text);
        for (const child of named(node)) {
          if (child.type === 'variable_assignment') this.#assign(child, exported, frame);
          else if (child.type === 'variable_name' && exported)
            this.#found.assignments.push({ name: child.text, value: '', exported, ...this.#span(child) });
          else this.#substitutions(child, frame);
        }
        return;
      }
      case 'command_substitution':
      case 'process_substitution':
        return this.#children(node, substituted(frame));
      default:
        return this.#children(node, frame);
    }
  }

  #children(node: Node, frame: Frame): undefined {
    const top = node.type === 'program';
    for (let index = 0; index < node.children.length; index++) {
      const child = node.children[index];
      if (!child?.isNamed) continue;
      const background = frame.background || node.children[index + 1]?.type === '&';
      const statement = top ? this.#span(child) : frame.statement;
      this.#walk(child, { ...frame, background, statement });
    }
  }

  #list(node: Node, frame: Frame): undefined {
    const [left, ...right] = named(node);
    const operator = node.children.find((child) => child && !child.isNamed)?.type;
    const rest = right.map((each) => each.text).join(' ');
    if (left)
      this.#walk(left, {
        ...frame,
        tested: frame.tested || operator === '||',
        followedBy: `${operator ?? ''} ${rest}`,
      });
    for (const each of right) this.#walk(each, frame);
  }

  #pipeline(node: Node, frame: Frame): undefined {
    const stages = named(node).filter((stage) => stage.type !== 'comment');
    const pipeline: Pipeline = { ...this.#span(node), stages: [], pipefail: this.#pipefail };
    stages.forEach((stage, index) => {
      const before = this.#found.invocations.length;
      this.#walk(stage, {
        ...frame,
        pipeline,
        stage: index,
        feed: index === 0 ? frame.feed : { kind: 'pipe' },
        output: index === stages.length - 1 ? frame.output : undefined,
      });
      pipeline.stages.push(
        this.#found.invocations.slice(before).filter((each) => each.pipeline === pipeline && !each.captured),
      );
    });
  }

  #redirected(node: Node, frame: Frame): undefined {
    const body = node.childForFieldName('body');
    let next = frame;
    for (const child of named(node)) {
      if (child.id === body?.id) continue;
      next = this.#redirect(child, next);
    }
    if (body) this.#walk(body, next);
  }

  /** The frame with what a redirection changes in it; commands in its target run first. */
  #redirect(node: Node, frame: Frame): Frame {
    this.#substitutions(node, frame);
    return redirected(
      node,
      frame,
      (target) => this.#word(target),
      (target) => {
        const heredoc = this.#heredocs.get(target.text.charAt(0));
        return heredoc && this.#heredoc(heredoc);
      },
    );
  }

  #heredoc(heredoc: Heredoc): Word {
    const span = this.#at(heredoc.start, heredoc.end);
    const exact = heredoc.body.length === heredoc.end - heredoc.start && 'offset' in this.#origin;
    return {
      text: heredoc.body,
      known: heredoc.quoted || !/[$`]/.test(heredoc.body),
      quoted: true,
      offset: exact ? span.start : -1,
      ...span,
    };
  }

  #command(node: Node, frame: Frame): undefined {
    const words: Word[] = [];
    const environment = new Map<string, Word>();
    let inner = frame;
    for (const child of named(node)) {
      switch (child.type) {
        case 'variable_assignment': {
          this.#substitutions(child, frame);
          const value = child.childForFieldName('value');
          const name = child.childForFieldName('name')?.text;
          if (name && value) environment.set(name, this.#word(value));
          break;
        }
        case 'file_redirect':
        case 'herestring_redirect':
          inner = this.#redirect(child, inner);
          break;
        default:
          this.#substitutions(child, frame);
          words.push(...resolveWords(child, nothingKnown, this.#at).map(shown));
      }
    }
    this.#record(words, environment, inner, this.#span(node), this.#within);
  }

  #record(
    words: readonly Word[],
    environment: ReadonlyMap<string, Word>,
    frame: Frame,
    span: Span,
    within: readonly string[],
  ): undefined {
    const made = within.length > deepest.script ? undefined : worded(words, environment, frame, span, within);
    if (!made) return;
    const { name } = made.invocation;
    this.#found.invocations.push(made.invocation);
    if (name === 'set' && made.invocation.words.some((word) => word.text === 'pipefail'))
      this.#pipefail = true;
    made.started(this.#listener(frame, span, [...within, name]));
  }

  /** Hears what a wrapper starts: words that are a command, text that is a script. */
  #listener(frame: Frame, outer: Span, within: readonly string[]): Reader {
    return listener({
      command: (words, around) => {
        const [first] = words;
        const last = words.at(-1);
        if (!first || !last) return;
        const placed = first.start >= outer.start && last.end <= outer.end && last.end > first.start;
        const span = placed ? { start: first.start, end: last.end } : outer;
        const inner: Frame =
          around.stdin?.kind === 'nothing' ? { ...frame, feed: { kind: 'nothing' } } : frame;
        this.#record(words, around.environment ?? new Map(), inner, span, within);
      },
      shell: (script) => {
        if (this.#depth >= deepest.script) return;
        const origin =
          script.offset >= 0 ? { offset: script.offset } : { start: script.start, end: script.end };
        new InvocationReader(this.#found, within, this.#depth + 1, origin).script(script.text, frame);
      },
    });
  }

  #assign(node: Node, exported: boolean, frame: Frame): undefined {
    this.#substitutions(node, frame);
    const name = node.childForFieldName('name')?.text ?? '';
    const value = node.childForFieldName('value');
    this.#found.assignments.push({
      name,
      value: value ? this.#word(value).text : '',
      exported,
      ...this.#span(node),
    });
  }

  /** Commands inside words: `$(…)`, backquotes, `<(…)`. */
  #substitutions(node: Node, frame: Frame): undefined {
    if (node.type === 'command_substitution' || node.type === 'process_substitution')
      return this.#walk(node, frame);
    if (this.#nesting > deepest.node) return;
    this.#nesting += 1;
    for (const child of named(node)) this.#substitutions(child, frame);
    this.#nesting -= 1;
  }

  #word(node: Node): Word {
    return shown(resolveWord(node, nothingKnown, this.#at));
  }
}

function shown(word: Word): Word {
  return { ...word, text: unmask(word.text) };
}
