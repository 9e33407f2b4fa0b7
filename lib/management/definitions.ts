import { clusterDocument, vhostDocument } from '../definitions/definition-document.ts';
import { definitionsOfDocument } from '../definitions/definition-file.ts';
import type { JsonObject } from '../json/json-value.ts';
import { type ApiRoute, apiRoute, type Call, NO_CONTENT, ok, type Reply } from './api-route.ts';
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

async function upload(call: Call<JsonObject>): Promise<Reply> {
  const { vhost } = call.params;
  const definitions = definitionsOfDocument(call.body, vhost === undefined ? {} : { vhost });
  await call.desk.engine.importDefinitions(call.actor, definitions);
  return NO_CONTENT;
}

const action = 'definitions.import';

export const definitionRoutes: ApiRoute[] = ['/definitions', '/all-configuration', '/definitions/:vhost'].flatMap(
  (path): ApiRoute[] => {
    const answer = path.endsWith(':vhost') ? vhostDefinitions : clusterDefinitions;
    return [
      { method: 'GET', path, access: 'administrator', query: downloadQuery, answer, run: download },
      apiRoute({ method: 'POST', path, access: 'administrator', action, body: sentDefinitions, run: upload }),
    ];
  },
);
