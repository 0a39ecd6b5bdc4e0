import { pbkdf2Sync, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import { REPORTS, reportTopic, subscriptions, topicPrefix } from '#common/letters/index.ts'
import { writeSecret } from '../keys/key-files.ts'
import type { BrokerDevice } from './messages.ts'
import { STATION_ID } from './rights.ts'

export interface MosquittoInput {
  readonly folder: string
  readonly org: string
  readonly devices: readonly BrokerDevice[]
  readonly ca: string
  readonly server: { readonly key: string; readonly cert: string }
  readonly crl: string
}

/**
 * Files for a Mosquitto that serves the fleet instead of the embedded broker: rights per device (no patterns, so a revoked device has none), certificates, revocation list and a configuration to include.
 * Mosquitto reads rights again on SIGHUP. Devices without client certificates need its websocket listener and the password file.
 */
export function writeMosquittoFiles(input: MosquittoInput): void {
  mkdirSync(input.folder, { recursive: true, mode: 0o700 })
  const write = (name: string, content: string): void => writeSecret(join(input.folder, name), content)
  write('acl', aclOf(input.org, input.devices))
  write('ca.pem', input.ca)
  write('server.pem', input.server.cert)
  write('server.key', input.server.key)
  write('revoked.crl', input.crl)
  write('vangxa.conf', configuration(input.folder))
}

export function aclOf(org: string, devices: readonly BrokerDevice[]): string {
  const lines = [`user ${STATION_ID}`, `topic readwrite ${topicPrefix(org)}#`, '']
  for (const device of devices) {
    lines.push(`user ${device.id}`)
    for (const report of REPORTS) lines.push(`topic write ${reportTopic(org, device.id, report)}`)
    for (const filter of subscriptions(org, device.id, device.groups)) lines.push(`topic read ${filter}`)
    lines.push('')
  }
  return lines.join('\n')
}

/** Settings of BS1 section 16 for one TLS listener; the port is the administrator's. */
export function configuration(folder: string): string {
  return [
    // Started as root, Mosquitto changes to this account: the files are readable by no other.
    `user ${userInfo().username}`, 'per_listener_settings false', 'allow_anonymous false', `acl_file ${join(folder, 'acl')}`, 'max_packet_size 65536', 'max_queued_messages 100', 'max_inflight_messages 20', 'max_keepalive 120',
    'persistence true', `persistence_location ${folder}/`, 'persistent_client_expiration 1h', '',
    'listener 8883 127.0.0.1', `cafile ${join(folder, 'ca.pem')}`, `certfile ${join(folder, 'server.pem')}`, `keyfile ${join(folder, 'server.key')}`, `crlfile ${join(folder, 'revoked.crl')}`,
    'require_certificate true', 'use_identity_as_username true', 'use_username_as_clientid true', 'tls_version tlsv1.2', '',
  ].join('\n')
}

/** Line of a Mosquitto password file (PBKDF2-SHA512, format 7). */
export function passwordLine(user: string, password: string): string {
  const salt = randomBytes(12)
  const rounds = 101
  return `${user}:$7$${rounds}$${salt.toString('base64')}$${pbkdf2Sync(password, salt, rounds, 64, 'sha512').toString('base64')}`
}
