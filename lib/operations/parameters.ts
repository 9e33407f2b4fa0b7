/** Runtime parameters, of a component and global ones. */
import * as z from 'zod';
import type { Actor } from '../engine/actor.ts';
import type { Desk } from './desk.ts';
import { jsonValue, vhostName } from './fields.ts';
import { type ActNote, operation } from './operation.ts';

interface ParameterKey {
  component: string;
  vhost: string;
  name: string;
}

const parameterKey = { component: z.string().min(1), vhost: vhostName, name: z.string().min(1) };

async function parameter(desk: Desk, actor: Actor, { component, vhost, name }: ParameterKey) {
  const all = await desk.engine.listParameters(actor);
  const found = all.find((one) => one.component === component && one.vhost === vhost && one.name === name);
  // With its name, which may say that the value is a secret.
  return found && { name, value: found.value };
}

const note = ({ component, vhost, name }: ParameterKey): ActNote => ({
  vhost,
  object: name,
  detail: `of ${component}`,
});

export const putParameter = operation({
  action: 'parameter.put',
  // All components that there are limit what others may do.
  role: 'administrator',
  input: z.strictObject({ ...parameterKey, value: jsonValue }),
  run: (desk, actor, input) => desk.engine.putParameter(actor, input),
  subject: parameter,
  note,
});

export const deleteParameter = operation({
  action: 'parameter.delete',
  role: 'administrator',
  input: z.strictObject(parameterKey),
  async run(desk, actor, { component, vhost, name }) {
    await desk.engine.deleteParameter(actor, component, vhost, name);
    return {};
  },
  subject: parameter,
  note,
});

const globalName = z.string().min(1);

async function globalParameter(desk: Desk, actor: Actor, { name }: { name: string }) {
  return (await desk.engine.listGlobalParameters(actor)).find((one) => one.name === name);
}

export const putGlobalParameter = operation({
  action: 'global-parameter.put',
  role: 'policymaker',
  input: z.strictObject({ name: globalName, value: jsonValue }),
  run: (desk, actor, { name, value }) => desk.engine.putGlobalParameter(actor, name, value),
  subject: globalParameter,
  note: ({ name }) => ({ object: name }),
});

export const deleteGlobalParameter = operation({
  action: 'global-parameter.delete',
  role: 'policymaker',
  input: z.strictObject({ name: globalName }),
  async run(desk, actor, { name }) {
    await desk.engine.deleteGlobalParameter(actor, name);
    return {};
  },
  subject: globalParameter,
  note: ({ name }) => ({ object: name }),
});
