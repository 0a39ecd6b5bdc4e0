import { createTheme, DEFAULT_THEME, type MantineColorsTuple } from '@mantine/core'

const sea: MantineColorsTuple = ['#e6f4f6', '#cfe6ea', '#a2ced6', '#70b4c0', '#489eae', '#2e8fa1', '#1b7f92', '#0c6e80', '#005c6c', '#004855']

/** Text of a light button or a note on its own tint: the library's darkest shades of the warm and green colours are too pale to be read there (WCAG 2.2, 1.4.3: 4.5 to 1). */
const withDarkText = (color: 'orange' | 'yellow' | 'red' | 'green' | 'teal', text: string): MantineColorsTuple => {
  const [a, b, c, d, e, f, g, h, i] = DEFAULT_THEME.colors[color]
  return [a, b, c, d, e, f, g, h, i, text]
}

/** One visual language: sea green for the house, red only for what is on air or recording, amber for warnings. */
export const theme = createTheme({
  primaryColor: 'sea', primaryShade: { light: 7, dark: 6 }, colors: {
    sea, orange: withDarkText('orange', '#9c3300'), yellow: withDarkText('yellow', '#7a4a00'), red: withDarkText('red', '#a81f1f'), green: withDarkText('green', '#1b6b2e'), teal: withDarkText('teal', '#056248'),
  },
  fontFamily: "'Be Vietnam Pro', system-ui, sans-serif", fontSizes: { xs: '12px', sm: '13px', md: '14px', lg: '16px', xl: '20px' },
  defaultRadius: 'sm', focusRing: 'always', cursorType: 'pointer', respectReducedMotion: true,
  headings: { fontFamily: "'Be Vietnam Pro', system-ui, sans-serif", fontWeight: '600' },
  components: {
    Button: { defaultProps: { size: 'xs' } }, TextInput: { defaultProps: { size: 'xs' } }, Select: { defaultProps: { size: 'xs' } }, NumberInput: { defaultProps: { size: 'xs' } },
    PasswordInput: { defaultProps: { size: 'xs' } }, Textarea: { defaultProps: { size: 'xs' } }, MultiSelect: { defaultProps: { size: 'xs' } }, Checkbox: { defaultProps: { size: 'xs' } },
    // Keys wait for no animation: the next one may already mean the desk behind the dialog.
    Modal: { defaultProps: { transitionProps: { duration: 0 } } },
    Table: { defaultProps: { verticalSpacing: 4, horizontalSpacing: 8, fz: 'sm' } },
  },
})
