FROM node:20-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit --no-fund
COPY web web
RUN npm run build && npm prune --omit=dev --no-audit --no-fund

FROM node:20-slim
ENV HOST=0.0.0.0 DATA_HOME=/data
WORKDIR /app
RUN mkdir /data && chown node:node /data
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist/web dist/web
# tsx reads tsconfig.json: the decorators of type-graphql need it.
COPY package.json tsconfig.json LICENSE ./
COPY schema schema
COPY cypher cypher
COPY seeds seeds
COPY src src
USER node
VOLUME /data
EXPOSE 4000
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s --retries=6 \
  CMD ["node", "-e", "const { PORT, TLS_CERT } = process.env; require(TLS_CERT ? 'https' : 'http').get({ host: '127.0.0.1', port: PORT || 4000, path: '/healthz', rejectUnauthorized: false }, (r) => process.exit(r.statusCode === 200 ? 0 : 1)).on('error', () => process.exit(1))"]
CMD ["node", "--import", "tsx", "src/main.ts"]
