import { oneLine } from '#common/text/index.ts'

export interface FileTags {
  readonly title?: string
  readonly artist?: string
}

const LIMIT_MS = 5_000

/** Tags are a courtesy: a file whose tags cannot be read is imported without them. */
export async function readTags(path: string): Promise<FileTags> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), LIMIT_MS)
  })
  try {
    // Read with the first file, not with the start of the station.
    const { parseFile } = await import('music-metadata')
    const read = await Promise.race([parseFile(path, { skipCovers: true, duration: false, skipPostHeaders: true }), late])
    const title = oneLine(read?.common.title ?? '', 200)
    const artist = oneLine(read?.common.artist ?? '', 60)
    return { ...(title === '' ? {} : { title }), ...(artist === '' ? {} : { artist }) }
  } catch {
    return {}
  } finally {
    clearTimeout(timer)
  }
}
