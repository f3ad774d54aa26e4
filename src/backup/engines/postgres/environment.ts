import type { Login } from './login.ts';

/** libpq reads these; each would change where a tool connects, so none may come from the caller's environment. */
const steering =
  /^PG(?:HOST|HOSTADDR|PORT|USER|DATABASE|SERVICE|SERVICEFILE|OPTIONS|APPNAME|TARGETSESSIONATTRS|LOADBALANCEHOSTS|CLIENTENCODING|DATESTYLE|TZ|GEQO|REQUIREAUTH)$/;

const names: Readonly<Record<string, string>> = {
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  sslcrl: 'PGSSLCRL',
  sslnegotiation: 'PGSSLNEGOTIATION',
  ssl_min_protocol_version: 'PGSSLMINPROTOCOLVERSION',
  channel_binding: 'PGCHANNELBINDING',
  gssencmode: 'PGGSSENCMODE',
  krbsrvname: 'PGKRBSRVNAME',
  options: 'PGOPTIONS',
  connect_timeout: 'PGCONNECT_TIMEOUT',
  passfile: 'PGPASSFILE',
};

/**
 * The environment in which a client tool reaches exactly this login's database. The password travels here and
 * never on the command line, where every user of the machine could read it.
 */
export function toolEnvironment(
  login: Login,
  environment: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  const own: NodeJS.ProcessEnv = {};
  for (const [name, value] of Object.entries(environment)) if (!steering.test(name)) own[name] = value;
  for (const [parameter, value] of Object.entries(login.parameters)) {
    const name = names[parameter];
    if (name !== undefined) own[name] = value;
  }
  return {
    ...own,
    LC_MESSAGES: 'C',
    PGHOST: login.host,
    PGPORT: String(login.port),
    PGUSER: login.user,
    PGDATABASE: login.database,
    PGAPPNAME: login.parameters.application_name ?? 'drillbook',
    PGCONNECT_TIMEOUT: own.PGCONNECT_TIMEOUT ?? '15',
    ...(login.password === undefined ? {} : { PGPASSWORD: login.password }),
  };
}
