/** Where messages would go, asked of the broker in this thread. */
import { AmqpError } from '../../amqp/reply-code.ts';
import { LIMITS } from '../../broker/limits.ts';
import { newMessage } from '../../broker/messages/message.ts';
import { copyKeys, Publisher } from '../../broker/publishing/publisher.ts';
import { type TracedBinding, type TracedExchange, traceRoute } from '../../broker/publishing/route-trace.ts';
import type { Session } from '../../broker/session.ts';
import type { Topology } from '../../broker/topology.ts';
import type { RouteAnswer, RouteBinding, RouteExchange, RouteQuestion } from '../routing.ts';
import { typedTable, wireProperties } from './typed-table.ts';

const NO_BODY = Buffer.alloc(0);

/** Throws ACCESS_REFUSED, NOT_FOUND, and PRECONDITION_FAILED for CC and BCC that are no lists of texts. */
export function answerRoute(topology: Topology, session: Session, question: RouteQuestion): RouteAnswer {
  const { user, vhost } = session;
  const { exchange: name, routingKey } = question;
  user.require('read', 'exchange', vhost.name, name);
  const exchange = topology.exchange(session, name);
  const properties = wireProperties(question.properties);
  const message = newMessage(name, routingKey, properties, NO_BODY);
  const headers = properties.headers ?? [];
  const routingKeys = [routingKey, ...copyKeys(headers)];
  if (exchange.options.type === 'topic') {
    for (const key of routingKeys) user.requireTopic('read', vhost.name, name, key);
  }
  const { queues, exchanges, isCut } = traceRoute(exchange, vhost.exchanges, { routingKeys, headers, message });
  const named = [...queues].slice(0, LIMITS.tracedQueuesMax);
  return {
    queues: named.map(([queue, isCertain]) => ({ name: queue.name, isCertain })),
    queueCount: queues.size,
    exchanges: exchanges.map((step) => routeExchange(step, (asked) => vhost.exchanges.has(asked))),
    isCut: isCut || named.length < queues.size,
    refusal: refusalOf(() => new Publisher(session).check(name, routingKey, message)),
  };
}

function routeExchange(step: TracedExchange, exists: (exchange: string) => boolean): RouteExchange {
  const { exchange, isCertain, passage, alternateExchange: alternate } = step;
  return {
    name: exchange.name,
    type: exchange.options.type,
    isCertain,
    isSingleChoice: exchange.type.isSingleChoice ?? false,
    passage,
    bindings: step.bindings.map(routeBinding),
    alternateExchange: alternate === null ? null : { name: alternate, exists: exists(alternate) },
  };
}

function routeBinding({ destination, binding, routingKeys, taken }: TracedBinding): RouteBinding {
  return {
    destinationType: destination.kind,
    destination: destination.name,
    routingKey: binding?.routingKey ?? null,
    arguments: typedTable(binding?.arguments ?? []),
    matched: routingKeys,
    taken,
  };
}

function refusalOf(check: () => void): string | null {
  try {
    check();
    return null;
  } catch (error) {
    if (error instanceof AmqpError) return error.message;
    throw error;
  }
}
