/**
 * The vocabulary of playout, once: the contract makes its enums from these lists, the sequencer and the air worker use the types. Values are
 * stored in databases and sent to other stations, so a word never changes its meaning and is never taken out.
 */

/** Where a line stands. `finishing` = its successor has begun, its tail still sounds; `paused` = interrupted, with a position to come back to. */
export const lineStatuses = ['scheduled', 'armed', 'playing', 'finishing', 'paused', 'finished', 'skipped', 'failed'] as const
export type LineStatus = (typeof lineStatuses)[number]

/** What the gate says of a line; all but `ok` are not audible. */
export const lineStates = ['ok', 'noItem', 'noTake', 'expired', 'notApproved', 'notReady', 'ruleBlocked'] as const
export type LineState = (typeof lineStates)[number]

/** What began a line. `time` = its own time (hard, soft, notBefore, backtimed, or its slot opening), `play` and `segue` = the end of the line before. */
export const startSources = ['manual', 'play', 'segue', 'time', 'panel', 'command', 'channel', 'catchUp', 'fallback', 'alert', 'relayReturn', 'takeover', 'unknown'] as const
export type StartSource = (typeof startSources)[number]

/** What ended a line. `withdrawn` is ours: taken out of the log, or its approval taken back, while it sounded. */
export const stopReasons = [
  'natural', 'segued', 'cutByHardStart', 'graceExpired', 'fadedToTime', 'operatorStop', 'operatorSkip', 'preempted', 'relayOut', 'sourceLost', 'decodeError', 'silenceFailover', 'ruleLimit', 'engineStop', 'unclean',
  'withdrawn',
] as const
export type StopReason = (typeof stopReasons)[number]

/** How what was played differs from what was planned. */
export const editCodes = [
  'none', 'droppedForTime', 'restoredForTime', 'addedToFill', 'stretched', 'squeezed', 'fadedForTime', 'joinedInProgress', 'skippedByOperator', 'skippedByGoToNow', 'skippedByHardStart', 'skippedAtStartup', 'skippedLiveInAuto',
  'skippedLate', 'skippedInvalid', 'skippedByRule', 'moved', 'inserted', 'replacedSameCategory', 'replacedOtherCategory', 'replacedByEvergreen', 'replacedByBackup', 'unscheduled', 'setToSkip', 'preempted', 'duplicateAlert',
] as const
export type EditCode = (typeof editCodes)[number]

export const lineKinds = ['audio', 'relay', 'live', 'track', 'command', 'fixedPoint', 'note'] as const
export type LineKind = (typeof lineKinds)[number]

export const lineOrigins = ['manual', 'template', 'music', 'traffic', 'tracker', 'unit'] as const
export type LineOrigin = (typeof lineOrigins)[number]

export const timingKinds = ['follow', 'hard', 'soft', 'notBefore', 'backtimed'] as const
export type TimingKind = (typeof timingKinds)[number]

export const onReachKinds = ['cut', 'makeNext', 'waitUpTo'] as const
export type OnReachKind = (typeof onReachKinds)[number]

export const softPreferences = ['closest', 'over', 'under'] as const
export type SoftPreference = (typeof softPreferences)[number]

/** What a backtimed line does when it is reached too late to fit. */
export const onLateKinds = ['join', 'trimEnd', 'skip'] as const
export type OnLateKind = (typeof onLateKinds)[number]

/** Belongs to the line that comes in: butt join, overlap by the markers of the line before, or wait for a key. */
export const transitions = ['play', 'segue', 'stop'] as const
export type Transition = (typeof transitions)[number]

/** What an interrupted line does when the bus comes back. */
export const afterKinds = ['join', 'resume', 'restart', 'skip'] as const
export type AfterKind = (typeof afterKinds)[number]

export const playoutModes = ['auto', 'assist', 'manual'] as const
export type PlayoutMode = (typeof playoutModes)[number]

/** What the station does after a stop it did not choose. */
export const resumeModes = ['catchUp', 'lastPosition', 'lastItem', 'lastState'] as const
export type ResumeMode = (typeof resumeModes)[number]

export const overrunPolicies = ['cut', 'finish'] as const
export type OverrunPolicy = (typeof overrunPolicies)[number]
export const underrunPolicies = ['fill', 'close'] as const
export type UnderrunPolicy = (typeof underrunPolicies)[number]

/** What a sound is, as far as it decides about overlaps and about what the solver may touch. */
export const contentKinds = ['programme', 'news', 'voice', 'ident', 'music', 'bed', 'filler'] as const
export type ContentKind = (typeof contentKinds)[number]

/**
 * Why a line plays when it does, or why it does not: the answer a window gives to "why". Texts are in the locales.
 */
export const reasonCodes = [
  // plays
  'onAir', 'played', 'atItsTime', 'follows', 'segues', 'afterCut', 'nextAtItsTime', 'graceRan', 'softJunction', 'softFilledToWindow', 'softWindowOver', 'heldToTime', 'lateNotBefore', 'backtimedStart', 'backtimedJoin', 'backtimedTrim',
  'slotOpens', 'slotOpensLate', 'secondAtSameTime', 'byKey', 'madeNext', 'joinsInProgress', 'resumes', 'restarts', 'goToNow', 'fillsSlot', 'closesSlot', 'restored', 'overIntro', 'sourceBack',
  // does not play (yet)
  'waitsForKey', 'waitsForTransition', 'waitsForEnd', 'waitsAfterStop', 'noAnchor', 'jumpedByHardStart', 'passed', 'tooLate', 'missedWhileDown', 'missedWhilePreempted', 'afterSkip', 'slotOver', 'ruleEnd', 'droppedToFit', 'setToSkip', 'skippedByHand',
  'skippedByGoToNow', 'liveNeedsPerson', 'notPlayable', 'nothingToPlay', 'backtimedTooLate', 'outsideItsDay', 'heldByBus', 'onlyText', 'sourceLost', 'sourceSilent',
] as const
export type ReasonCode = (typeof reasonCodes)[number]
