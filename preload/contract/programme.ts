import { z } from 'zod'
import { ItemState } from './library.ts'
import { BroadcastDate, Done, Id, InstantMs, Nothing, Rev, SampleCount, Sha256, Title } from './shapes.ts'
import type { EventTable, ProcedureTable } from './procedure.ts'

/** Sounds of a template: an item of the library, or one that the house brings along (`builtIn`, made and imported when it is first needed). */
export const PieceSound = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('item'), itemId: Id }),
  z.object({ kind: z.literal('builtIn'), name: z.enum(['nhac-hieu', 'chuong-bao', 'nhac-nen']) }),
])
const GainDb = z.number().min(-40).max(12)
export const Piece = z.object({ sound: PieceSound, gainDb: GainDb })
/** Music under the stories, repeated as long as they last. */
export const Bed = Piece.extend({ fadeInMs: z.number().int().min(0).max(20_000), fadeOutMs: z.number().int().min(0).max(20_000), crossfadeMs: z.number().int().min(0).max(10_000) })
/** How a bulletin is put together. `version` is that of this form; the files in resources/templates and the station's own carry it. */
export const ProgrammeTemplate = z.object({
  version: z.literal(1),
  intro: Piece.nullable(), jingle: Piece.nullable(), bed: Bed.nullable(), outro: Piece.nullable(),
  /** Silence between what follows each other. */
  pauseMs: z.number().int().min(0).max(10_000),
  /** The first story begins so much before the intro ends, the outro so much before the last story ends. */
  introOverlapMs: z.number().int().min(0).max(15_000), outroOverlapMs: z.number().int().min(0).max(15_000),
  duck: z.object({ reduceDb: z.number().min(0).max(40), attackMs: z.number().int().min(10).max(5_000), holdMs: z.number().int().min(0).max(10_000), releaseMs: z.number().int().min(10).max(10_000) }),
  /** Reading speed for scripts that have no sound yet: Vietnamese syllables (tiếng) in a minute. */
  syllablesPerMinute: z.number().int().min(100).max(350),
})
export type ProgrammeTemplate = z.infer<typeof ProgrammeTemplate>
/** A file of resources/templates. */
export const TemplateFile = z.object({ name: z.string().regex(/^[a-z0-9-]{1,40}$/), title: z.object({ vi: Title, en: Title }), template: ProgrammeTemplate })

export const BulletinSlot = z.object({
  /** Time of day of the first sample in the station's zone, in seconds. */
  startsAtSec: z.number().int().min(0).max(86_399).nullable(), lengthSamples: SampleCount.nullable(),
})
export type BulletinSlot = z.infer<typeof BulletinSlot>

export const Script = z.string().max(20_000)
export const StorySound = z.object({ itemId: Id, title: z.string(), lengthSamples: SampleCount, state: ItemState.nullable(), missing: z.boolean() })
export const Story = z.object({
  id: Id, title: Title, script: Script, reader: z.string().max(120), sounds: z.array(StorySound),
  /** Picture on the boards while this story sounds. */
  image: Sha256.nullable(), rev: Rev,
})
export type Story = z.infer<typeof Story>

/** What became of a bulletin: the project it was put together in, and the newest item rendered from that. */
export const Bulletin = z.object({
  id: Id, title: Title, broadcastDate: BroadcastDate.nullable(), slot: BulletinSlot, template: ProgrammeTemplate, stories: z.array(Story), by: z.string(), changedAt: InstantMs, rev: Rev,
  projectId: Id.nullable(), itemId: Id.nullable(),
  /** Lengths of the template's sounds, for the sum; absent ones count nothing. */
  pieces: z.object({ intro: SampleCount, jingle: SampleCount, outro: SampleCount }),
})
export type Bulletin = z.infer<typeof Bulletin>
export const BulletinSummary = z.object({ id: Id, title: Title, broadcastDate: BroadcastDate.nullable(), slot: BulletinSlot, stories: z.number().int(), lengthSamples: SampleCount, estimated: z.boolean(), projectId: Id.nullable(), itemId: Id.nullable(), itemState: ItemState.nullable(), changedAt: InstantMs, rev: Rev })
export type BulletinSummary = z.infer<typeof BulletinSummary>

export const StoredTemplate = z.object({ id: z.string(), title: Title, builtIn: z.boolean(), template: ProgrammeTemplate, rev: Rev })
export type StoredTemplate = z.infer<typeof StoredTemplate>

/** A remark at a place of an item, or of the project it was rendered from. Position 0 is the first sample of either. */
export const Comment = z.object({
  id: Id, itemId: Id.nullable(), projectId: Id.nullable(), at: SampleCount, lengthSamples: SampleCount, text: z.string().trim().min(1).max(1000), author: z.string(), authorId: Id.nullable(), createdAt: InstantMs,
  resolvedAt: InstantMs.nullable(), resolvedBy: z.string().nullable(), rev: Rev,
  /** Where the same words are in the project as it is now; null when they were cut out, or when nobody asked for a project. */
  projectAt: SampleCount.nullable(),
})
export type Comment = z.infer<typeof Comment>

/** A picture with its time in the sound: samples from the beginning of the item. Ends where the next one begins; `image` null = nothing of its own. */
export const Slide = z.object({ at: SampleCount, image: Sha256.nullable(), title: z.string().max(200) })
export type Slide = z.infer<typeof Slide>
export const Chapter = z.object({ at: SampleCount, title: z.string().max(200), script: Script })

const storyFields = { title: Title.optional(), script: Script.optional(), reader: z.string().max(120).optional(), itemIds: z.array(Id).max(20).optional(), image: Sha256.nullable().optional() }
export const programmeProcedures = {
  'programme.list': { input: Nothing, output: z.object({ bulletins: z.array(BulletinSummary) }), role: 'viewer' },
  'programme.open': { input: z.object({ bulletinId: Id }), output: Bulletin, role: 'viewer' },
  'programme.create': { input: z.object({ title: Title, broadcastDate: BroadcastDate.nullable(), slot: BulletinSlot, templateId: z.string().max(60).nullable() }), output: Bulletin, role: 'recorder' },
  'programme.update': { input: z.object({ bulletinId: Id, rev: Rev, title: Title.optional(), broadcastDate: BroadcastDate.nullable().optional(), slot: BulletinSlot.optional(), template: ProgrammeTemplate.optional() }), output: Bulletin, role: 'recorder' },
  'programme.remove': { input: z.object({ bulletinId: Id, rev: Rev }), output: Done, role: 'editor' },
  /** Undo of `programme.remove`. */
  'programme.restore': { input: z.object({ bulletinId: Id }), output: Bulletin, role: 'editor' },
  'programme.addStory': { input: z.object({ bulletinId: Id, afterStoryId: Id.nullable(), ...storyFields, title: Title }), output: Bulletin, role: 'recorder' },
  'programme.updateStory': { input: z.object({ storyId: Id, rev: Rev, ...storyFields }), output: Bulletin, role: 'recorder' },
  'programme.moveStory': { input: z.object({ storyId: Id, rev: Rev, afterStoryId: Id.nullable() }), output: Bulletin, role: 'recorder' },
  'programme.removeStory': { input: z.object({ storyId: Id, rev: Rev }), output: Bulletin, role: 'recorder' },
  /** Undo of `programme.removeStory`: the same story in its place. */
  'programme.restoreStory': { input: z.object({ storyId: Id }), output: Bulletin, role: 'recorder' },
  /** Appends a recording to the sounds of a story, whatever its revision: the person at the microphone has not seen the page. */
  'programme.addSound': { input: z.object({ storyId: Id, itemId: Id }), output: Bulletin, role: 'recorder' },
  /**
   * Builds the project from the template. `same` = as one undoable edit of the project it was built in before; `new` = another project, the old one stays.
   * Stories without sound: refused as `programme-incomplete` unless `gaps`, then silence of their estimated length stands for them.
   */
  'programme.assemble': { input: z.object({ bulletinId: Id, rev: Rev, into: z.enum(['new', 'same']), gaps: z.boolean() }), output: z.object({ projectId: Id, lengthSamples: SampleCount, gaps: z.number().int() }), role: 'editor' },

  'programme.templates': { input: Nothing, output: z.object({ templates: z.array(StoredTemplate) }), role: 'viewer' },
  'programme.saveTemplate': { input: z.object({ templateId: Id.nullable(), rev: Rev, title: Title, template: ProgrammeTemplate }), output: StoredTemplate, role: 'editor' },
  'programme.removeTemplate': { input: z.object({ templateId: Id, rev: Rev }), output: Done, role: 'editor' },

  /** What an approver needs beside the sound: pictures and scripts by time, remarks, and where it was made. */
  'programme.review': { input: z.object({ itemId: Id }), output: z.object({ projectId: Id.nullable(), bulletinId: Id.nullable(), slides: z.array(Slide), chapters: z.array(Chapter), comments: z.array(Comment) }), role: 'viewer' },
  /** Remarks on a project and on everything rendered from it, with their place in the project as it is now. */
  'programme.comments': { input: z.object({ projectId: Id }), output: z.object({ comments: z.array(Comment) }), role: 'viewer' },
  'programme.addComment': { input: z.object({ on: z.discriminatedUnion('kind', [z.object({ kind: z.literal('item'), itemId: Id }), z.object({ kind: z.literal('project'), projectId: Id })]), at: SampleCount, lengthSamples: SampleCount.default(0), text: Comment.shape.text }), output: Comment, role: 'recorder' },
  'programme.editComment': { input: z.object({ commentId: Id, rev: Rev, text: Comment.shape.text }), output: Comment, role: 'recorder' },
  'programme.resolveComment': { input: z.object({ commentId: Id, rev: Rev, resolved: z.boolean() }), output: Comment, role: 'recorder' },
  'programme.removeComment': { input: z.object({ commentId: Id, rev: Rev }), output: Done, role: 'recorder' },
} as const satisfies ProcedureTable

export const programmeEvents = {
  'programme.changed': { payload: z.object({ bulletinId: Id, removed: z.boolean() }) },
  'programme.templatesChanged': { payload: Nothing },
  'programme.commentsChanged': { payload: z.object({ itemId: Id.nullable(), projectId: Id.nullable() }) },
} as const satisfies EventTable
