import { clusterDocument, vhostDocument } from '../definitions/definition-document.ts';
import { importDefinitions } from '../operations/definitions.ts';
import { type ApiRoute, acting, type Call, ok, type Reply } from './api-route.ts';
import { clusterDefinitions, sentDefinitions, vhostDefinitions } from './schema/definition.ts';
import { downloadQuery } from './schema/list.ts';

async function download(call: Call): Promise<Reply> {
  const { engine } = call.desk;
  const { vhost } = call.params;
  const { compatibleWith, version, clusterName } = await engine.overview();
  const set = await engine.exportDefinitions(call.actor, vhost);
  const document = vhost === undefined ? clusterDocument : vhostDocument;
  const reply = ok(document(set, { compatibleWith, version, clusterName }));
  const name = call.query.get('download');
  if (name === null) return reply;
  return { ...reply, headers: { 'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(name)}` } };
}

export const definitionRoutes: ApiRoute[] = ['/definitions', '/all-configuration', '/definitions/:vhost'].flatMap(
  (path): ApiRoute[] => {
    const answer = path.endsWith(':vhost') ? vhostDefinitions : clusterDefinitions;
    return [
      { method: 'GET', path, access: 'administrator', query: downloadQuery, answer, run: download },
      acting({
        method: 'POST',
        path,
        operation: importDefinitions,
        body: sentDefinitions,
        input: ({ params: { vhost }, body: document }) => ({ vhost, document }),
      }),
    ];
  },
);
