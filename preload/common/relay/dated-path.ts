/** A pattern with `{yyyy}`, `{MM}`, `{dd}`, `{HH}`, filled in by a moment. @param atMs UTC ms @param offsetMin minutes the zone is ahead of UTC then */
export function pathOfMoment(pattern: string, atMs: number, offsetMin: number): string {
  const local = new Date(atMs + offsetMin * 60_000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const fields: Readonly<Record<string, string>> = { yyyy: String(local.getUTCFullYear()).padStart(4, '0'), MM: two(local.getUTCMonth() + 1), dd: two(local.getUTCDate()), HH: two(local.getUTCHours()) }
  return pattern.replaceAll(/\{(yyyy|MM|dd|HH)\}/g, (whole, name: string) => fields[name] ?? whole)
}
