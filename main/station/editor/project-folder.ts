import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '#contract/errors.ts'
import { asAppError } from '../foundation/failures.ts'
import { stamp, syncFolder } from '../store/files.ts'
import { readLog } from './log-file.ts'
import type { LogReading } from './log-file.ts'
import { parseProject } from './records.ts'
import type { ProjectRecord } from './records.ts'
import { advance, isSound } from './replay.ts'

const STATE = 'project.json'
const LOG = 'edit.log'
export type Warning = 'none' | 'torn-log' | 'bad-log'

export interface FolderReading {
  readonly project: ProjectRecord
  readonly warning: Warning
  readonly logBytes: number
  readonly logLines: number
  /** What stands in the log behind the last good line. */
  readonly rest: Buffer
}

const absent = (error: unknown): boolean => error instanceof Error && Reflect.get(error, 'code') === 'ENOENT'

/**
 * The last good state of a project folder. Reading changes nothing on disk.
 * @throws AppError not-found, file-unreadable
 */
export async function readFolder(folder: string): Promise<FolderReading> {
  let state: ProjectRecord
  try {
    state = parseProject(JSON.parse(await readFile(join(folder, STATE), 'utf8')))
  } catch (error) {
    if (absent(error)) throw new AppError('not-found', { cause: error })
    throw new AppError('file-unreadable', { cause: error, data: { fileName: STATE } })
  }
  const bytes = await readFile(join(folder, LOG)).catch((error: unknown) => {
    if (absent(error)) return Buffer.alloc(0)
    throw new AppError('file-unreadable', { cause: error, data: { fileName: LOG } })
  })
  let { project, reading } = replay(state, bytes, false)
  // Looked at once at the end, and line by line only where something is wrong: a long list is open at once.
  if (!isSound(project)) ({ project, reading } = replay(state, bytes, true))
  const warning = reading.end === 'torn' ? 'torn-log' : reading.end === 'bad' ? 'bad-log' : 'none'
  return { project, warning, logBytes: reading.goodBytes, logLines: reading.lines.length, rest: bytes.subarray(reading.goodBytes) }
}

function replay(state: ProjectRecord, bytes: Buffer, isWary: boolean): { project: ProjectRecord; reading: LogReading } {
  let project = state
  const reading = readLog(bytes, (line) => {
    // Lines that the state already holds: a crash came between writing it and emptying the log.
    if (line.rev <= state.rev) return true
    const next = advance(project, line)
    if (next === null || (isWary && !isSound(next))) return false
    project = next
    return true
  })
  return { project, reading }
}

/** Length and time of both files: unchanged means that a summary read before still holds. */
export async function folderStamp(folder: string): Promise<string> {
  const facts = await Promise.all([STATE, LOG].map((name) => stat(join(folder, name)).then((s) => `${s.size}@${s.mtimeMs}`, () => '-')))
  return facts.join(' ')
}

async function writeSynced(path: string, data: string | Buffer): Promise<void> {
  const file = await open(path, 'w')
  try {
    await file.writeFile(data)
    await file.sync()
  } finally {
    await file.close()
  }
}

export async function createFolder(folder: string, project: ProjectRecord): Promise<void> {
  const part = `${folder}.part`
  try {
    await mkdir(part)
    await writeSynced(join(part, LOG), '')
    await writeSynced(join(part, STATE), JSON.stringify(project))
    syncFolder(part)
    await rename(part, folder)
    syncFolder(join(folder, '..'))
  } catch (error) {
    await rm(part, { recursive: true, force: true }).catch(() => undefined)
    throw asAppError(error)
  }
}

export async function writeState(folder: string, project: ProjectRecord): Promise<void> {
  const part = join(folder, `${STATE}.part`)
  await writeSynced(part, JSON.stringify(project))
  await rename(part, join(folder, STATE))
  syncFolder(folder)
}

/** Puts what could not be read beside the log, so that nothing is lost, and begins anew from the good state. */
export async function repair(folder: string, reading: FolderReading, now: number): Promise<void> {
  if (reading.warning === 'bad-log') await writeSynced(join(folder, `${LOG}.bad-${stamp(now)}`), reading.rest)
  await writeState(folder, reading.project)
  await writeSynced(join(folder, LOG), '')
}

export interface LogAppender {
  /** Returns when the line is on disk. On failure the log is as before. */
  append(line: Buffer): Promise<void>
  /** Forgets all lines, once the state that holds them is on disk. A crash before it leaves lines that are known to be old. */
  clear(): Promise<void>
  close(): Promise<void>
}

export async function openLog(folder: string, bytes: number): Promise<LogAppender> {
  const file: FileHandle = await open(join(folder, LOG), 'r+')
  let end = bytes
  let isBroken = false
  return {
    async append(line) {
      if (isBroken) throw new AppError('file-unreadable', { data: { fileName: LOG } })
      try {
        await file.write(line, 0, line.length, end)
        await file.datasync()
        end += line.length
      } catch (error) {
        // Half a line must not stand before the next one.
        await file.truncate(end).catch(() => {
          isBroken = true
        })
        throw asAppError(error)
      }
    },
    async clear() {
      await file.truncate(0)
      end = 0
      await file.datasync()
    },
    close: () => file.close(),
  }
}
