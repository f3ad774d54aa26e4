import { names } from './world.ts';

/** What the interface of Render is asked through the sample application. */
export interface RenderRequest {
  readonly method: string;
  /** Path below `/v1`. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

export interface RenderAnswer {
  readonly status: number;
  readonly value: unknown;
}

/** The switches that it may turn. */
export interface Switches {
  maintenance(on: boolean): Promise<void>;
  stopped(on: boolean): Promise<void>;
  readonly state: { readonly maintenance: boolean; readonly stopped: boolean };
}

const refuse = (status: number, message: string): RenderAnswer => ({ status, value: { id: '', message } });

/** Answers as api-docs.render.com describes: services with maintenance mode, suspend, resume, restart; exports of a database. */
export async function renderApi(request: RenderRequest, switches: Switches): Promise<RenderAnswer> {
  if (!/^Bearer \S+$/.test(request.authorization ?? '')) return refuse(401, 'unauthorized');
  const [kind, id, verb] = request.path.split('/').filter(Boolean);
  const what = `${request.method} ${kind ?? ''}${id === undefined ? '' : '/{id}'}${verb === undefined ? '' : `/${verb}`}`;
  if (kind === 'services' && id !== undefined && id !== names.renderService)
    return refuse(404, `not found: service ${id}`);
  if (kind === 'postgres' && id !== undefined && id !== names.renderPostgres)
    return refuse(404, `not found: postgres ${id}`);
  const service = () => ({
    id: names.renderService,
    name: names.service,
    type: 'web_service',
    suspended: switches.state.stopped ? 'suspended' : 'not_suspended',
    serviceDetails: { maintenanceMode: { enabled: switches.state.maintenance, uri: '' } },
  });
  switch (what) {
    case 'GET services':
      return { status: 200, value: [{ service: service() }] };
    case 'GET services/{id}':
      return { status: 200, value: service() };
    case 'PATCH services/{id}': {
      const enabled = maintenanceOf(request.body);
      if (enabled === undefined)
        return refuse(400, 'invalid JSON: serviceDetails.maintenanceMode.enabled must be true or false');
      await switches.maintenance(enabled);
      return { status: 200, value: service() };
    }
    case 'POST services/{id}/suspend':
      await switches.stopped(true);
      return { status: 202, value: null };
    case 'POST services/{id}/resume':
    case 'POST services/{id}/restart':
      await switches.stopped(false);
      return { status: 202, value: null };
    case 'GET postgres/{id}':
      return {
        status: 200,
        value: { id: names.renderPostgres, name: `${names.service}-db`, status: 'available' },
      };
    case 'GET postgres/{id}/export':
      return { status: 200, value: [] };
    case 'POST postgres/{id}/export':
      return { status: 202, value: { id: 'exp-sandbox', createdAt: new Date().toISOString() } };
    case 'GET postgres/{id}/recovery':
      return { status: 200, value: { recoveryStatus: 'NOT_AVAILABLE' } };
    default:
      return refuse(404, `not found: ${request.method} /v1${request.path}`);
  }
}

function maintenanceOf(body: string): boolean | undefined {
  try {
    const enabled = JSON.parse(body)?.serviceDetails?.maintenanceMode?.enabled;
    return typeof enabled === 'boolean' ? enabled : undefined;
  } catch {
    return undefined;
  }
}
