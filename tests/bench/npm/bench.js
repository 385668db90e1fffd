// bench.js - npm's jose and fast-jwt, as the runner says; the commands are those of driver.c.
//
// usage: node bench.js FOLDER
//
// SPDX-License-Identifier: Apache-2.0

import { createReadStream, readFileSync } from 'node:fs'
import { createPublicKey, webcrypto } from 'node:crypto'
import { createInterface } from 'node:readline'

// Node 18 has them, and does not show them to everybody.
globalThis.crypto ??= webcrypto
globalThis.CryptoKey ??= webcrypto.CryptoKey

const jose = await import('jose')
const { createVerifier } = await import('fast-jwt')
const folder = process.argv[2]
const issuer = 'https://login.example.com'
const audience = 'https://notes.example.com'
const stride = 7919
const read = (name) => readFileSync(`${folder}/${name}`, 'utf8')

// How many lines of the file, and not all of it where one will do.
async function lines(name, count) {
  const found = []
  for await (const line of createInterface({ input: createReadStream(`${folder}/${name}`) })) {
    if (found.push(line) >= count) break
  }
  return found
}

// Whose token it is, and what it allows.
const reads = (claims) => typeof claims.sub === 'string' && claims.scope.split(' ').includes('notes.read')

function joseVerify(alg, key) {
  const options = { algorithms: [alg], issuer, audience, requiredClaims: ['exp', 'nbf'] }
  return async (token) => reads((await jose.jwtVerify(token, key, options)).payload)
}

function fastVerify(alg, cache) {
  const verify = createVerifier({
    key: read(`${alg}.pem`), algorithms: [alg], allowedIss: issuer, allowedAud: audience,
    requiredClaims: ['exp', 'nbf', 'iss', 'aud'], cache, cacheTTL: 86400000,
  })
  return (token) => reads(verify(token))
}

const rows = {
  'jose-set': { verify: (alg) => joseVerify(alg, jose.createLocalJWKSet(JSON.parse(read(`${alg}.jwks`)))) },
  'jose-key': { verify: (alg) => joseVerify(alg, createPublicKey(read(`${alg}.pem`))) },
  'fast-jwt': { verify: (alg) => fastVerify(alg, false) },
  'fast-jwt-cache': { verify: (alg) => fastVerify(alg, 1000) },
  'fast-jwt-cache-10000': { tokens: 10000, verify: (alg) => fastVerify(alg, 20000) },
}
const opened = new Map()

async function open(name, alg) {
  const id = `${name} ${alg}`
  if (!opened.has(id)) {
    const row = rows[name]
    opened.set(id, { verify: row.verify(alg), tokens: await lines(`${alg}.tokens`, row.tokens ?? 1) })
  }
  return opened.get(id)
}

async function accepts(verify, token) {
  try {
    return (await verify(token)) === true
  } catch {
    return false
  }
}

// The good token before and after each bad one, then all that there are.
async function check(name, alg) {
  const { verify, tokens } = await open(name, alg)
  if (!(await accepts(verify, tokens[0]))) return 'no refuses the good token'
  for (const line of await lines(`${alg}.bad`, Infinity)) {
    const space = line.indexOf(' ')
    if (await accepts(verify, line.slice(0, space))) return `no accepts ${line.slice(space + 1)}`
    if (!(await accepts(verify, tokens[0]))) return 'no refuses the good token after a bad one'
  }
  for (const token of tokens) if (!(await accepts(verify, token))) return 'no refuses some good tokens'
  return 'ok 0'
}

async function run(name, alg, count) {
  const { verify, tokens } = await open(name, alg)
  const waits = name.startsWith('jose')
  const [began, before] = [process.hrtime.bigint(), process.cpuUsage()]
  for (let i = 1; i <= count; i++) {
    const good = verify(tokens[(i * stride) % tokens.length])
    if (!(waits ? await good : good)) return 'no refuses a good token'
  }
  // What its threads have used for it is counted, too.
  const { user, system } = process.cpuUsage(before)
  return `ok ${process.hrtime.bigint() - began} ${(user + system) * 1000}`
}

for await (const line of createInterface({ input: process.stdin })) {
  const [command, name, alg, count] = line.split(' ')
  let answer = 'no cannot'
  try {
    if (rows[name]) answer = command === 'check' ? await check(name, alg) : await run(name, alg, Number(count))
  } catch (error) {
    answer = `no ${error.message}`
  }
  process.stdout.write(`${answer}\n`)
}
