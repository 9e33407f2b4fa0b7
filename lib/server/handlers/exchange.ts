import { type Handlers, replyAfter } from './handler.ts';

export const exchangeHandlers: Handlers = {
  'exchange.declare': (channel, args) => {
    const { broker, session } = channel.connection;
    const { stored } = broker.topology.declareExchange(session, { ...args, name: args.exchange });
    return replyAfter(stored, () => {
      if (!args.nowait) channel.send('exchange.declare-ok', {});
    });
  },

  'exchange.delete': (channel, args) => {
    const { broker, session } = channel.connection;
    const stored = broker.topology.deleteExchange(session, args.exchange, { unused: args.ifUnused });
    return replyAfter(stored, () => {
      if (!args.nowait) channel.send('exchange.delete-ok', {});
    });
  },

  'exchange.bind': (channel, args) => {
    const { broker, session } = channel.connection;
    const { source, destination, routingKey } = args;
    const bind = { source, destinationType: 'exchange' as const, destination, routingKey, arguments: args.arguments };
    return replyAfter(broker.topology.bind(session, bind), () => {
      if (!args.nowait) channel.send('exchange.bind-ok', {});
    });
  },

  'exchange.unbind': (channel, args) => {
    const { broker, session } = channel.connection;
    const { source, destination, routingKey } = args;
    const bind = { source, destinationType: 'exchange' as const, destination, routingKey, arguments: args.arguments };
    return replyAfter(broker.topology.unbind(session, bind), () => {
      if (!args.nowait) channel.send('exchange.unbind-ok', {});
    });
  },
};
