import type { PhrasingContent, RootContent, Table } from 'mdast';
import { readMarkdown } from '../runbook/markdown.ts';
import { clean } from './markdown-text.ts';

const signs: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is text in HTML and nothing else, in an element as in an attribute; without terminal sequences. */
export function escaped(text: string): string {
  return clean(text).replaceAll(/[&<>"']/g, (sign) => signs[sign]!);
}

/**
 * Markdown as HTML. HTML that stands in it stays text, images are their words, and only links to the web and to mail are
 * links: the text may have been written by anybody.
 */
export function htmlOfMarkdown(text: string): string {
  return blocks(readMarkdown(text).nodes);
}

function blocks(nodes: readonly RootContent[]): string {
  return nodes.map(html).join('\n');
}

function html(node: RootContent): string {
  switch (node.type) {
    case 'heading':
      return `<h${node.depth}>${inner(node.children)}</h${node.depth}>`;
    case 'paragraph':
      return `<p>${inner(node.children)}</p>`;
    case 'blockquote':
      return `<blockquote>${blocks(node.children)}</blockquote>`;
    case 'list': {
      const tag = node.ordered ? 'ol' : 'ul';
      return `<${tag}>${blocks(node.children)}</${tag}>`;
    }
    case 'listItem': {
      const box = node.checked === true ? '☑ ' : node.checked === false ? '☐ ' : '';
      const [only] = node.children;
      const body =
        node.children.length === 1 && only?.type === 'paragraph'
          ? inner(only.children)
          : blocks(node.children);
      return `<li>${box}${body}</li>`;
    }
    case 'code':
      return `<pre><code>${escaped(node.value)}</code></pre>`;
    case 'table':
      return table(node);
    case 'thematicBreak':
      return '<hr>';
    case 'definition':
    case 'yaml':
      return '';
    default:
      return phrase(node as PhrasingContent);
  }
}

function table({ children: [head, ...rows] }: Table): string {
  const line = (row: Table['children'][number] | undefined, tag: 'th' | 'td') =>
    `<tr>${(row?.children ?? []).map((cell) => `<${tag}>${inner(cell.children)}</${tag}>`).join('')}</tr>`;
  return `<div class="wide"><table><thead>${line(head, 'th')}</thead><tbody>${rows.map((row) => line(row, 'td')).join('')}</tbody></table></div>`;
}

function inner(nodes: readonly PhrasingContent[]): string {
  return nodes.map(phrase).join('');
}

function phrase(node: PhrasingContent): string {
  switch (node.type) {
    case 'text':
    case 'html':
      return escaped(node.value);
    case 'inlineCode':
      return `<code>${escaped(node.value)}</code>`;
    case 'strong':
      return `<strong>${inner(node.children)}</strong>`;
    case 'emphasis':
      return `<em>${inner(node.children)}</em>`;
    case 'delete':
      return `<del>${inner(node.children)}</del>`;
    case 'break':
      return '<br>';
    case 'image':
    case 'imageReference':
      return escaped(node.alt ?? '');
    case 'link':
      return /^(?:https?|mailto):/i.test(node.url)
        ? `<a href="${escaped(node.url)}" rel="noreferrer noopener">${inner(node.children)}</a>`
        : inner(node.children);
    default:
      return 'children' in node ? inner(node.children) : '';
  }
}
