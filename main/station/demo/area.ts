/** The demo area: an inter-commune centre with 4 communes and 12 hamlets. Names are invented. */
export const demoStationName = 'Trung tâm Truyền thanh liên xã Hưng Phước'

export interface DemoCommune {
  readonly name: string
  readonly code: string
  readonly hamlets: readonly string[]
}
export const demoCommunes: readonly DemoCommune[] = [
  { name: 'Xã Phước Hưng', code: 'PH', hamlets: ['Thôn An Cửu', 'Thôn Biểu Chánh', 'Thôn Háo Lễ'] },
  { name: 'Xã Phước Quang', code: 'PQ', hamlets: ['Thôn Định Thiện', 'Thôn Phục Thiện', 'Thôn Luật Lễ'] },
  { name: 'Xã Hưng Nghĩa', code: 'HN', hamlets: ['Thôn Hưng Trị', 'Thôn Nghĩa Điền', 'Thôn Thọ Phú'] },
  { name: 'Phường Bình Lợi', code: 'BL', hamlets: ['Tổ dân phố 1', 'Tổ dân phố 2', 'Tổ dân phố 3'] },
]

export interface DemoRadio {
  readonly dev: string
  readonly name: string
  /** Index of commune and hamlet in `demoCommunes`. */
  readonly commune: number
  readonly hamlet: number
}
export const demoRadios: readonly DemoRadio[] = [
  { dev: 'SPK-DEMO01', name: 'Loa nhà văn hóa An Cửu', commune: 0, hamlet: 0 },
  { dev: 'SPK-DEMO02', name: 'Loa ngã ba Biểu Chánh', commune: 0, hamlet: 1 },
  { dev: 'SPK-DEMO03', name: 'Loa đình Định Thiện', commune: 1, hamlet: 0 },
  { dev: 'SPK-DEMO04', name: 'Loa chợ Luật Lễ', commune: 1, hamlet: 2 },
  { dev: 'SPK-DEMO05', name: 'Loa trạm bơm Nghĩa Điền', commune: 2, hamlet: 1 },
  { dev: 'SPK-DEMO06', name: 'Loa hội trường tổ 2', commune: 3, hamlet: 1 },
]

export interface DemoScreen {
  readonly dev: string
  readonly name: string
  /** Hamlet by commune and hamlet index; null = at the centre itself. */
  readonly at: { readonly commune: number; readonly hamlet: number } | null
}
export const demoScreens: readonly DemoScreen[] = [
  { dev: 'SCR-DEMO01', name: 'Bảng LED trước trung tâm', at: null },
  { dev: 'SCR-DEMO02', name: 'Màn hình nhà văn hóa Định Thiện', at: { commune: 1, hamlet: 0 } },
]
export const demoNotice = {
  title: 'Lịch tiêm chủng tại trạm y tế', body: 'Trẻ em từ 2 đến 24 tháng tuổi tiêm chủng lúc 7 giờ 30 thứ năm tại trạm y tế xã, mời gia đình mang theo sổ tiêm.', days: 7,
} as const

/** Who signs in on a demo station. The password is no secret: a demo holds no keys of a real network. */
export const demoSignIn = { userName: 'admin', password: 'vangxa-demo', fullName: 'Nguyễn Thị Hạnh', pin: '246810' } as const
export const demoPeople = [
  { userName: 'bientap', fullName: 'Trần Văn Lộc', roles: ['recorder', 'editor', 'scheduler'] },
  { userName: 'phatthanh', fullName: 'Lê Thị Mai', roles: ['recorder', 'announcer'] },
  { userName: 'lanhdao', fullName: 'Phạm Quốc Huy', roles: ['approver', 'emergency'] },
  { userName: 'kythuat', fullName: 'Võ Minh Tâm', roles: ['technician'] },
] as const
