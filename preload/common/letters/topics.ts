/** Topics and rights of BS1 2, one place for stations, devices and the broker. */

export type Report = 'online' | 'reported' | 'tele' | 'ack' | 'evt'
export const REPORTS: readonly Report[] = ['online', 'reported', 'tele', 'ack', 'evt']

export const topicPrefix = (org: string): string => `bs/1/${org}/`
export const deviceTopic = (org: string, dev: string, rest: string): string => `${topicPrefix(org)}d/${dev}/${rest}`
export const reportTopic = (org: string, dev: string, report: Report): string => deviceTopic(org, dev, report)

/** Topics a letter goes out on: one per audience entry. */
export function letterTopics(org: string, typ: 'live' | 'alert' | 'screen' | 'cmd' | 'desired', aud: readonly string[], subject: string | null): string[] {
  return aud.map((entry) => `${topicPrefix(org)}${entry}/${subject === null ? typ : `${typ}/${subject}`}`)
}

/** Exactly what a device must subscribe to. */
export function subscriptions(org: string, dev: string, groups: readonly string[]): string[] {
  const prefix = topicPrefix(org)
  const running = ['cmd', 'live/+', 'alert/+', 'screen/+']
  const own = ['desired', 'time', ...running].map((rest) => `${prefix}d/${dev}/${rest}`)
  const grouped = [...new Set(['all', ...groups])].flatMap((group) => running.map((rest) => `${prefix}g/${group}/${rest}`))
  return [...own, ...grouped, `${prefix}keys`, `${prefix}time`, `${prefix}studio`]
}

export function mayPublish(org: string, dev: string, topic: string): boolean {
  return REPORTS.some((report) => topic === reportTopic(org, dev, report))
}

/** A filter is allowed when it is on the list, or is narrower than an entry of the list (a named session instead of `+`). */
export function maySubscribe(org: string, dev: string, groups: readonly string[], filter: string): boolean {
  return subscriptions(org, dev, groups).some((allowed) => {
    if (allowed === filter) return true
    return allowed.endsWith('/+') && filter.startsWith(allowed.slice(0, -1)) && /^[0-9A-HJKMNP-TV-Z]{26}$/.test(filter.slice(allowed.length - 1))
  })
}

/** Takes a report topic apart; null when it is none. */
export function parseReportTopic(org: string, topic: string): { dev: string; report: Report } | null {
  const prefix = `${topicPrefix(org)}d/`
  if (!topic.startsWith(prefix)) return null
  const [dev, report, ...rest] = topic.slice(prefix.length).split('/')
  const known = REPORTS.find((name) => name === report)
  return dev === undefined || known === undefined || rest.length > 0 ? null : { dev, report: known }
}
