# Builds and carries the standalone server: no npm, no sources and no development packages in the last stage.
FROM node:24-bookworm-slim AS build
WORKDIR /warren
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY . .
RUN npm run build

FROM node:24-bookworm-slim
WORKDIR /warren
RUN mkdir -m 700 /data && chown node:node /data
COPY --from=build --chown=node:node /warren/.next/standalone ./
COPY --from=build --chown=node:node /warren/scripts/container.mjs /warren/scripts/serve.mjs /warren/scripts/settings.mjs ./scripts/
COPY --from=build --chown=node:node /warren/lib/config.ts /warren/lib/log.ts ./lib/
COPY --from=build --chown=node:node /warren/lib/server/client-limits.ts /warren/lib/server/listening.ts ./lib/server/
COPY --from=build --chown=node:node /warren/lib/broker/limits.ts ./lib/broker/
COPY --from=build --chown=node:node /warren/lib/web/trusted-proxies.ts ./lib/web/
ENV HOST=0.0.0.0 PORT=15672 WARREN_AMQP_PORT=5672 WARREN_DATA_DIR=/data
EXPOSE 15672 5672 15692
VOLUME /data
USER node
# The console's port answers 200 only while the broker does.
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "--max-semi-space-size=8", "scripts/container.mjs"]
