import * as z from 'zod';
import { definitionsOfDocument } from '../definitions/definition-file.ts';
import { jsonObject, vhostName } from './fields.ts';
import { operation } from './operation.ts';

/** The document has RabbitMQ's form: what is in a file is what is imported. */
export const importDefinitions = operation({
  action: 'definitions.import',
  role: 'administrator',
  input: z.strictObject({
    /** Everything goes into this one; left out: where the document says. */
    vhost: vhostName.optional(),
    document: jsonObject,
  }),
  async run(desk, actor, { vhost, document }) {
    const definitions = definitionsOfDocument(document, vhost === undefined ? {} : { vhost });
    await desk.engine.importDefinitions(actor, definitions);
    return {};
  },
  note: ({ vhost }) => (vhost === undefined ? {} : { vhost }),
});
