/**
 * Which code may import which. The station stays free of Electron, the pure core of everything; a room reaches another room through its
 * face, a feature through its index.
 */
const test = '^test/'

/** @param {string} name @param {string} why @param {string} from @param {string} to @param {{ fromNot?: string, toNot?: string }} [except] */
const forbid = (name, why, from, to, except = {}) => ({
  name, comment: why, severity: 'error',
  from: { path: from, ...(except.fromNot ? { pathNot: except.fromNot } : {}) },
  to: { path: to, ...(except.toNot ? { pathNot: except.toNot } : {}) },
})

const packages = 'node_modules/'
const nodeBuiltin = { dependencyTypes: ['core'] }

export default {
  forbidden: [
    { name: 'no-circle', severity: 'error', comment: 'modules that need each other are one module', from: {}, to: { circular: true, dependencyTypesNot: ['type-only'] } },
    { name: 'no-unresolved', severity: 'error', comment: 'an import that leads nowhere', from: {}, to: { couldNotResolve: true, pathNot: ['^electron$', '\\?(worker|url|raw|worker&url)$'] } },

    forbid('core-is-pure', 'preload/common imports nothing outside itself', '^preload/common/', '.*', { toNot: '^preload/common/' }),
    forbid('contract-knows-core-and-checkers', 'the contract imports the core, zod and what checks signatures and BS1 documents', '^preload/contract/', '.*', { toNot: '^preload/(common|contract)/|^resources/|node_modules/(zod|@noble/curves|@noble/hashes|@cfworker/json-schema)/' }),
    forbid('preload-is-small', 'the preload imports the contract, the core and Electron', '^preload/[^/]+\\.ts$', '.*', { toNot: '^preload/|node_modules/electron/|^electron$' }),
    forbid('shell-stays-shell', 'the shell never imports station, receiver or renderer', '^main/shell/', '^(main/(station|receiver|build)|renderer|test)/'),
    forbid('station-without-electron', 'the station runs without Electron', '^main/(station|receiver)/', 'node_modules/electron/|^electron$'),
    forbid('station-stays-station', 'the station never imports shell, receiver or renderer', '^main/station/', '^(main/(shell|receiver|build)|renderer|test)/|^preload/(index|bridge)\\.ts$'),
    forbid('receiver-is-a-stranger', 'a radio knows letters, not the station', '^main/receiver/', '^(main/(shell|station|build)|renderer|test)/|^preload/(index|bridge)'),
    forbid('renderer-without-main', 'the window and the screens never import main programs', '^renderer/', '^(main|test)/|^preload/index\\.ts$'),
    { name: 'renderer-without-node', severity: 'error', comment: 'a sandboxed page has no Node', from: { path: '^renderer/' }, to: nodeBuiltin },
    { name: 'core-without-node', severity: 'error', comment: 'the pure core has no Node', from: { path: '^preload/(common|contract)/' }, to: nodeBuiltin },
    { name: 'features-meet-at-their-index', severity: 'error', comment: 'another feature only through its index.ts', from: { path: '^renderer/studio/features/([^/]+)/' }, to: { path: '^renderer/studio/features/([^/]+)/', pathNot: ['^renderer/studio/features/$1/', '^renderer/studio/features/[^/]+/index\\.ts$'] } },
    { name: 'features-from-outside', severity: 'error', comment: 'the frame, too, sees a feature through its index.ts', from: { path: '^renderer/', pathNot: '^renderer/studio/features/' }, to: { path: '^renderer/studio/features/', pathNot: '/index\\.ts$' } },
    forbid('ui-below-features', 'parts without business import no feature and no frame', '^renderer/studio/(ui|i18n)/', '^renderer/studio/(features|app)/'),
    forbid('screen-without-features', 'the public screen has no feature of the studio', '^renderer/screen/', '^renderer/studio/(features|app|audio)/'),
    {
      name: 'rooms-meet-at-their-index', severity: 'error', comment: 'a room imports another room through its index.ts',
      from: { path: '^main/station/(accounts|audit|library|recorder|editor|log|air|devices|screens|alerts|live|speech|exchange|reports|media|sound|programme|relay)/' },
      to: {
        path: '^main/station/(accounts|audit|library|recorder|editor|log|air|devices|screens|alerts|live|speech|exchange|reports|media|sound|programme|relay)/',
        pathNot: ['^main/station/$1/', '^main/station/[^/]+/index\\.ts$'],
      },
    },
    forbid('no-code-from-tests', 'programs never import tests', '^(main|preload|renderer)/', test),
    { name: 'no-development-package-in-programs', severity: 'error', comment: 'what is shipped imports dependencies, not devDependencies', from: { path: '^(main/(station|receiver)|preload/(common|contract))/' }, to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '@types/' } },

    // Packages that may be replaced one day: each behind one folder of ours.
    forbid('one-ffmpeg', 'fluent-ffmpeg is used in station/media alone', '.*', `${packages}fluent-ffmpeg/`, { fromNot: '^main/station/media/' }),
    forbid('one-database', 'SQL lives in the station; nothing else opens SQLite', '^(?!main/station/|test/)', `${packages}better-sqlite3/`),
    forbid('one-broker', 'the broker is the devices room\'s', '^(?!main/station/devices/|test/)', `${packages}aedes`),
    forbid('one-mqtt', 'MQTT clients: devices room, receiver, screens', '^(?!main/station/devices/|main/receiver/|renderer/screen/|test/)', `${packages}mqtt/`),
    forbid('one-waveform', 'wavesurfer.js belongs to the window', '^(?!renderer/studio/)', `${packages}wavesurfer\\.js/`),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(out|dist|resources/protocol|main/build/electron/loader)/' },
    tsPreCompilationDeps: 'specify',
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default', 'types'], extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.d.ts'] },
    reporterOptions: { text: { highlightFocused: false } },
  },
}
