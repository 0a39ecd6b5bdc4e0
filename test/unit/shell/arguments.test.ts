import { describe, expect, test } from 'vitest'
import { readShellArguments } from '../../../main/shell/arguments.ts'

describe('the shell\'s command line', () => {
  test('passes over Chromium\'s switches and the application folder', () => {
    const read = readShellArguments(['--no-sandbox', '--lang=vi', '--inspect=0', '/opt/app', '--data', '/srv/vangxa', '--demo'])
    expect(read).toEqual({ data: '/srv/vangxa', demo: true, remote: null })
  })

  test('takes both ways of writing a value', () => {
    expect(readShellArguments(['--data=/srv/a b']).data).toBe('/srv/a b')
    expect(readShellArguments(['--data', '/srv/a b']).data).toBe('/srv/a b')
  })

  test('without switches means the data folder of this account and no demo', () => {
    expect(readShellArguments(['/opt/app'])).toEqual({ data: null, demo: false, remote: null })
  })

  test('refuses a switch of ours without its value', () => {
    expect(() => readShellArguments(['--data'])).toThrow()
    expect(() => readShellArguments(['--data', '--demo'])).toThrow()
  })

  test('a station elsewhere needs TLS and a token file', () => {
    expect(readShellArguments(['--station', 'wss://phat.xa.vn:8443/rpc', '--station-token', '/etc/token']).remote).toEqual({ url: 'https://phat.xa.vn:8443', tokenFile: '/etc/token' })
    expect(() => readShellArguments(['--station', 'wss://phat.xa.vn'])).toThrow(/--station-token/)
    expect(() => readShellArguments(['--station', 'ws://phat.xa.vn', '--station-token', '/etc/token'])).toThrow(/wss/)
    expect(() => readShellArguments(['--station', 'file:///etc/passwd', '--station-token', '/etc/token'])).toThrow(/wss/)
  })
})
