/*
 * provider.js - an OpenID provider on loopback, that does what its standard input says.
 *
 *      node provider.js SETTINGS
 *
 * SETTINGS is a JSON file: port, key, certificate and ca (PEM), jwks, clients, audience. Each line of standard input is
 * a command as JSON, each line of standard output its answer; the first says that it listens. Its end is that of
 * standard input.
 *
 * A resource of the name AUDIENCE/opaque or AUDIENCE/jwt/ALG says what access tokens are to look like. All that was
 * issued outlives a change of keys, since it is kept here.
 *
 * SPDX-License-Identifier: Apache-2.0
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createInterface } from 'node:readline';

import Provider from 'oidc-provider';

const settings = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const { audience } = settings;
const issuer = `https://localhost:${settings.port}`;
const clock = Date.now;
let ahead = 0;

/* ---- What is kept ---- */

const kept = new Map();
const byGrant = new Map();

class Keeper {
  constructor(model) {
    this.model = model;
  }

  key(id) {
    return `${this.model}:${id}`;
  }

  async upsert(id, payload) {
    const key = this.key(id);
    kept.set(key, payload);
    if (payload.grantId && this.model !== 'Session' && this.model !== 'Interaction') {
      byGrant.set(payload.grantId, [...(byGrant.get(payload.grantId) ?? []), key]);
    }
  }

  async find(id) {
    return kept.get(this.key(id));
  }

  async findByUid(uid) {
    return [...kept.values()].find((payload) => payload.uid === uid);
  }

  async findByUserCode() {
    return undefined;
  }

  async consume(id) {
    kept.get(this.key(id)).consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id) {
    kept.delete(this.key(id));
  }

  async revokeByGrantId(grantId) {
    for (const key of byGrant.get(grantId) ?? []) kept.delete(key);
    byGrant.delete(grantId);
  }
}

/* ---- The provider ---- */

function resource(ctx, indicator) {
  const [kind, alg] = indicator.replace(`${audience}/`, '').split('/');
  const server = { audience, scope: 'read write', accessTokenTTL: 600 };
  if (kind === 'elsewhere') return { ...server, audience: indicator, accessTokenFormat: 'opaque' };
  if (kind !== 'jwt') return { ...server, accessTokenFormat: 'opaque' };
  return { ...server, accessTokenFormat: 'jwt', jwt: { sign: { alg } } };
}

function peer(ctx) {
  const { raw } = ctx.req.socket.getPeerCertificate();
  return raw ? new X509Certificate(raw) : undefined;
}

const features = {
  clientCredentials: { enabled: true },
  devInteractions: { enabled: true },
  introspection: { enabled: true, allowedPolicy: () => true },
  revocation: { enabled: true, allowedPolicy: () => true },
  resourceIndicators: {
    enabled: true,
    getResourceServerInfo: resource,
    useGrantedResource: () => true,
  },
  mTLS: {
    enabled: true,
    certificateBoundAccessTokens: true,
    tlsClientAuth: true,
    getCertificate: (ctx) => peer(ctx)?.toString(),
    certificateAuthorized: (ctx) => ctx.req.socket.authorized,
    certificateSubjectMatches: (ctx, property, expected) => (
      property === 'tls_client_auth_san_dns' && peer(ctx).subjectAltName === `DNS:${expected}`
    ),
  },
};

const account = (sub, token) => ({
  sub, client_id: token?.clientId, email: `${sub}@example.com`, email_verified: true,
});

function build(jwks) {
  const provider = new Provider(issuer, {
    adapter: Keeper,
    clients: settings.clients,
    /* It names the client, which few do. */
    claims: { openid: ['sub', 'client_id'], email: ['email', 'email_verified'] },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'tls_client_auth'],
    clientDefaults: { grant_types: ['client_credentials'], response_types: [], redirect_uris: [] },
    clockTolerance: 15,
    cookies: { keys: ['of no importance'] },
    features,
    findAccount: (ctx, sub, token) => ({ accountId: sub, claims: () => account(sub, token) }),
    jwks,
    pkce: { required: () => true },
    rotateRefreshToken: true,
    scopes: ['openid', 'offline_access', 'read', 'write'],
    ttl: { AccessToken: 600, ClientCredentials: 600, IdToken: 600, RefreshToken: 86400 },
  });
  provider.on('server_error', (ctx, error) => console.error(error));
  return provider.callback();
}

let handle;

/* ---- The server ---- */

const counts = {};
const failing = new Set();
const holding = new Set();
const held = [];

function serve(request, response) {
  const path = request.url.split('?')[0];
  counts[path] = (counts[path] ?? 0) + 1;
  if (failing.has(path)) {
    response.writeHead(503, { 'Content-Type': 'application/json' }).end('{"error":"temporarily_unavailable"}');
  } else if (holding.has(path)) {
    held.push(() => handle(request, response));
  } else {
    handle(request, response);
  }
}

const server = createServer({
  key: settings.key,
  cert: settings.certificate,
  ca: settings.ca,
  requestCert: true,
  rejectUnauthorized: false,
}, serve);

const listen = () => new Promise((done) => { server.listen(settings.port, '127.0.0.1', done); });

/* ---- What standard input may say ---- */

const commands = {
  /* Signs with the first of these from now on, and publishes them and no others. */
  keys({ jwks }) { handle = build(jwks); },
  count: ({ path }) => counts[path] ?? 0,
  fail({ path, on }) { if (on) failing.add(path); else failing.delete(path); },
  /* Requests for the path stand still until `on` is false. */
  hold({ path, on }) {
    if (on) holding.add(path);
    else {
      holding.delete(path);
      held.splice(0).forEach((go) => go());
    }
  },
  /* Seconds by which its clock is wrong. */
  clock({ seconds }) { ahead = seconds; },
  async down() {
    await new Promise((done) => {
      server.close(done);
      server.closeAllConnections();
    });
  },
  up: listen,
};

const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

async function main() {
  /* The provider's notices are for the log. */
  console.info = console.error;
  console.warn = console.error;
  Date.now = () => clock() + ahead * 1000;
  handle = build(settings.jwks);
  await listen();
  say({ issuer });
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    const answer = await commands[command.do](command);
    say({ answer: answer ?? null });
  }
  process.exit(0);
}

await main();
