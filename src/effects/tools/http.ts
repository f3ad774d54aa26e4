import type { Call } from '../call.ts';
import { masked } from '../rule.ts';
import type { Word } from '../word.ts';
import type { Tool } from './tool.ts';

const curlValued =
  '-X --request -d --data --data-raw --data-binary --data-urlencode --data-ascii --json -F --form --form-string -H --header -o --output -u --user -A --user-agent -e --referer -b --cookie -c --cookie-jar -T --upload-file -x --proxy -m --max-time --connect-timeout --retry --retry-delay --retry-max-time -w --write-out -E --cert --key --cacert --capath -D --dump-header -K --config -r --range -y -Y --limit-rate --resolve --interface --url -C --continue-at -z --output-dir --max-redirs --ciphers -U --proxy-user --unix-socket --url-query --expect100-timeout -t -P -Q --quote --aws-sigv4 --oauth2-bearer --libcurl --trace --trace-ascii --stderr --etag-save --etag-compare --hsts --alt-svc --engine --request-target --proto';

/** curl, wget and the like: the method and the body tell. */
export const http: readonly Tool[] = [
  { names: 'curl', abbreviates: true, valued: curlValued, switches: '--head', read: curl },
  {
    names: 'wget',
    abbreviates: true,
    valued:
      '-O --output-document -P --directory-prefix --method --body-data --body-file --post-data --post-file --header --user --password -o --output-file --execute -a -t --tries -T --timeout -U -i --input-file -e',
    runs: '--use-askpass',
    loads: '--config',
    read: wget,
  },
  { names: 'http https xh', valued: '-a --auth -o --output -s --session --timeout -A', read: httpie },
];

/** What a request does, by its method. GraphQL reads by POST as well, unless it holds a mutation. */
function request(call: Call, method: string, url: string, body: string | undefined): undefined {
  const { reader, span } = call;
  const where = masked(url || 'a URL');
  const hits = { kind: 'service' as const, name: hostOf(url) };
  const words = `${method} ${where}`;
  switch (method) {
    case 'GET':
    case 'HEAD':
    case 'OPTIONS':
      // These speak to anything that listens: `gopher://cache:6379/_FLUSHALL`.
      if (/^(gopher|gophers|dict|telnet|smtps?|tftp|ldaps?|mqtt|ws|wss|rtsp|imaps?|pop3s?):/i.test(url))
        return reader.add(/flush(all|db)/i.test(url) ? 'destroys' : 'unknown', words, span, hits);
      return reader.add('reads', words, span, hits);
    case 'DELETE':
      return reader.add('destroys', words, span, hits);
    case 'POST':
    case 'PUT':
    case 'PATCH':
      if (
        /\/(delete|destroy|drop|purge|truncate|_delete_by_query|flush|wipe)\b/i.test(url) ||
        /\bmutation\b[\s\S]*\b\w*(delete|destroy|remove)\w*/i.test(body ?? '')
      )
        return reader.add('destroys', words, span, hits);
      if (
        method === 'POST' &&
        /\/(_search|_count|_msearch|graphql)\b/.test(url) &&
        body !== undefined &&
        !/\bmutation\b/.test(body) &&
        !/[$@]/.test(body)
      )
        return reader.add('reads', words, span, hits);
      return reader.add('changes', words, span, hits);
    default:
      return reader.add('unknown', words, span, hits);
  }
}

function curl(call: Call): undefined {
  const { options, operands, reader, span } = call;
  if (options.has('--help', '--version', '-V', '--manual'))
    return reader.add('reads', 'curl shows its help or version', span);
  const bodies = options.values(
    '-d',
    '--data',
    '--data-raw',
    '--data-binary',
    '--data-urlencode',
    '--data-ascii',
    '--json',
    '-F',
    '--form',
    '--form-string',
  );
  const sends = bodies.length > 0 && !options.has('-G', '--get');
  const fallback = options.has('-I', '--head')
    ? 'HEAD'
    : options.has('-T', '--upload-file')
      ? 'PUT'
      : sends
        ? 'POST'
        : 'GET';
  const method =
    overriding(options.values('-H', '--header')) ??
    options.value('-X', '--request')?.text.toUpperCase() ??
    fallback;
  const urls = [...options.values('--url'), ...operands];
  if (options.has('-K', '--config')) reader.add('unknown', 'takes its options from a file', span);
  for (const url of urls.length > 0 ? urls : [undefined])
    request(call, method, url?.text ?? '', bodies.map((body) => body.text).join('&') || undefined);
  for (const quote of options.values('-Q', '--quote'))
    reader.add(
      /^[-+*]?\s*(dele|rmd|rm|rmdir)\b/i.test(quote.text) ? 'destroys' : 'unknown',
      `sends ${quote.text} to a file server`,
      span,
    );
  if (options.has('-T', '--upload-file'))
    for (const url of urls) {
      const path = /^file:\/\/(?:localhost)?(\/.*)$/.exec(url.text)?.[1];
      if (path) reader.writes({ ...url, text: path, offset: -1 });
    }
  if (options.has('--engine')) reader.add('unknown', 'loads a library', span);
  for (const file of options.values(
    '-o',
    '--output',
    '-D',
    '--dump-header',
    '-c',
    '--cookie-jar',
    '--libcurl',
    '--trace',
    '--trace-ascii',
    '--stderr',
    '--etag-save',
    '--hsts',
    '--alt-svc',
  ))
    reader.writes(file);
  if (options.has('-O', '--remote-name', '--remote-name-all'))
    reader.add('changes', 'writes a file named after the URL', span);
}

function wget(call: Call): undefined {
  const { options, operands, reader, span } = call;
  if (options.has('--help', '--version', '-V'))
    return reader.add('reads', 'wget shows its help or version', span);
  const body = options.value('--post-data', '--body-data', '--post-file', '--body-file');
  const fallback = options.has('--post-data', '--post-file') ? 'POST' : 'GET';
  const method =
    overriding(options.values('--header')) ?? options.value('--method')?.text.toUpperCase() ?? fallback;
  for (const url of operands.length > 0 ? operands : [undefined])
    request(call, method, url?.text ?? '', body?.text);
  for (const setting of options.values('-e', '--execute'))
    if (
      !/^\s*(robots|http_proxy|https_proxy|use_proxy|tries|timeout|user_agent|check_certificate)\s*=/i.test(
        setting.text,
      )
    )
      reader.add('unknown', `wget takes the setting ${setting.text}`, span);
  const log = options.value('-o', '--output-file');
  if (log) reader.writes(log);
  const output = options.value('-O', '--output-document');
  if (output) reader.writes(output);
  else if (!options.has('--spider')) reader.add('changes', 'writes a file named after the URL', span);
}

function httpie(call: Call): undefined {
  const [first, second] = call.operands;
  const named = first && /^[A-Z]+$/.test(first.text);
  const items = call.operands.slice(named ? 2 : 1);
  const sends = items.some((item) => /[^=:]=|:=|@/.test(item.text));
  request(call, named ? first.text : sends ? 'POST' : 'GET', (named ? second : first)?.text ?? '', undefined);
  const output = call.options.value('-o', '--output');
  if (output) call.reader.writes(output);
}

/** The method that a header asks the server to take it for. */
function overriding(headers: readonly Word[]): string | undefined {
  for (const header of headers) {
    const method = /^x-(?:http-)?method(?:-override)?:\s*(\w+)/i.exec(header.text)?.[1];
    if (method) return method.toUpperCase();
  }
  return undefined;
}

function hostOf(url: string): string {
  return /^[a-z]+:\/\/(?:[^@/]*@)?([^/?#]+)/i.exec(url)?.[1] ?? url.split('/')[0] ?? '';
}
