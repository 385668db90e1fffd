// interop.js - tokens of npm's jose for us, and its opinion of ours.
//
// usage: node interop.js make FOLDER      writes theirs.json: keys, and for each a token and its payload's claims
//        node interop.js verify FOLDER    reads ours.json, writes verdicts.json
//
// SPDX-License-Identifier: Apache-2.0

import { readFileSync, writeFileSync } from 'node:fs'
import { createPublicKey, generateKeyPairSync, sign, webcrypto } from 'node:crypto'

// Node 18 has them, and does not show them to everybody.
globalThis.crypto ??= webcrypto
globalThis.CryptoKey ??= webcrypto.CryptoKey

const jose = await import('jose')
const [mode, folder] = process.argv.slice(2)
const claims = { scope: 'read write', roles: ['editor'] }
const algorithms = [
  'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512', 'EdDSA',
]

function token(alg, kid) {
  return new jose.SignJWT(claims)
    .setProtectedHeader(kid ? { alg, kid, typ: 'at+jwt' } : { alg, typ: 'JWT' })
    .setIssuer('https://issuer.example')
    .setSubject('alice')
    .setAudience(['https://notes.example', 'https://mail.example'])
    .setIssuedAt()
    .setNotBefore('0s')
    .setExpirationTime('10m')
    .setJti('token-1')
}

async function makeOne(alg, options) {
  const { publicKey, privateKey } = await jose.generateKeyPair(alg, { extractable: true, ...options })
  const jwk = await jose.exportJWK(publicKey)
  const kid = await jose.calculateJwkThumbprint(jwk)
  return {
    alg, kid,
    jwk: { ...jwk, kid, alg, use: 'sig' },
    private: { ...(await jose.exportJWK(privateKey)), kid, alg },
    pem: await jose.exportSPKI(publicKey),
    token: await token(alg, kid).sign(privateKey),
  }
}

// jose has given Ed448 up; Node has not.
function makeEd448() {
  const { publicKey, privateKey } = generateKeyPairSync('ed448')
  const kid = 'ed448'
  const now = Math.floor(Date.now() / 1000)
  const payload = {
    ...claims, iss: 'https://issuer.example', sub: 'alice', aud: 'https://notes.example', exp: now + 600,
  }
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const signed = `${encode({ alg: 'EdDSA', kid, typ: 'at+jwt' })}.${encode(payload)}`
  return {
    alg: 'EdDSA', kid,
    jwk: { ...publicKey.export({ format: 'jwk' }), kid, alg: 'EdDSA' },
    private: { ...privateKey.export({ format: 'jwk' }), kid, alg: 'EdDSA' },
    pem: publicKey.export({ format: 'pem', type: 'spki' }),
    token: `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`,
  }
}

async function makeSecret(alg, length) {
  const secret = 's'.repeat(length)
  return { alg, secret, token: await token(alg).sign(new TextEncoder().encode(secret)) }
}

async function make() {
  const made = []
  for (const alg of algorithms) made.push(await makeOne(alg))
  made.push(await makeOne('RS256', { modulusLength: 4096 }))
  made.push(makeEd448())
  const secrets = [await makeSecret('HS256', 32), await makeSecret('HS384', 48), await makeSecret('HS512', 64)]
  writeFileSync(`${folder}/theirs.json`, JSON.stringify({ keys: made, secrets }))
}

function keyOf(one) {
  const jwk = one.jwks.keys[0]
  if (jwk.crv === 'Ed448') return createPublicKey({ key: jwk, format: 'jwk' })
  return jwk.kty === 'oct' ? jose.importJWK(jwk) : jose.createLocalJWKSet(one.jwks)
}

async function judge(one) {
  if (one.jwks.keys[0].crv === 'Ed448') {
    const { verify } = await import('node:crypto')
    const dot = one.token.lastIndexOf('.')
    const signature = Buffer.from(one.token.slice(dot + 1), 'base64url')
    return verify(null, Buffer.from(one.token.slice(0, dot)), keyOf(one), signature)
  }
  try {
    const { payload } = await jose.jwtVerify(one.token, await keyOf(one), {
      algorithms: [one.alg], issuer: 'https://issuer.example', audience: 'https://notes.example',
      subject: 'alice', typ: 'at+jwt', requiredClaims: ['exp', 'iat', 'jti'],
    })
    return payload.sub === 'alice'
  } catch (error) {
    return `${error.code}: ${error.message}`
  }
}

async function verify() {
  const verdicts = []
  for (const one of JSON.parse(readFileSync(`${folder}/ours.json`))) {
    const jwk = one.jwks.keys[0]
    const thumbprint = jwk.kty === 'oct' || jwk.crv !== 'Ed448' ? await jose.calculateJwkThumbprint(jwk) : jwk.kid
    verdicts.push({ good: await judge(one), thumbprint: thumbprint === jwk.kid })
  }
  writeFileSync(`${folder}/verdicts.json`, JSON.stringify(verdicts))
}

await { make, verify }[mode]()
