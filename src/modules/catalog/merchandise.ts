import { CategoryLevel } from '../../generated/enums.ts'

/** What is never recommended: sold by volume, or not sold at all. Decided by a product's own department and category. */
export const NOT_MERCHANDISE = {
  departments: ['FUEL', 'COUPON', 'MISCELLANEOUS', 'CNTRL/STORE SUP', 'POSTAL CENTER', 'PROD-WHS SALES', 'AUTOMOTIVE'],
  categories: ['COUPON', 'COUPON/MISC ITEMS', 'COUPONS/STORE & MFG'],
}
const DEPARTMENTS = new Set(NOT_MERCHANDISE.departments)
const CATEGORIES = new Set(NOT_MERCHANDISE.categories)

export const isMerchandise = (department: string | null, category: string | null): boolean =>
  department !== null && !DEPARTMENTS.has(department) && !(category !== null && CATEGORIES.has(category))

/** Ids of a product's three levels of category; a missing part of a type's id is `?`. */
export function categoryIds(department: string | null, category: string | null, type: string | null) {
  return {
    departmentId: department === null ? null : `department:${department}`,
    categoryId: category === null ? null : `category:${category}`,
    typeId: category === null && type === null ? null : `${category ?? '?'} | ${type ?? '?'}`,
  }
}

/** The ids there are of a product's levels. */
export const categoryIdsOf = ({
  department,
  category,
  type,
}: Record<'department' | 'category' | 'type', string | null>) =>
  Object.values(categoryIds(department, category, type)).filter((id) => id !== null)

type Levels = { department?: string | null; category?: string | null; type?: string | null }

/** The categories a product needs, departments first: a parent must be there before what is below it. */
export function categoryLevels({
  department,
  category,
  type,
  departmentId,
  categoryId,
  typeId,
}: Levels & { departmentId?: string | null; categoryId?: string | null; typeId?: string | null }) {
  const levels: { id: string; name: string; level: CategoryLevel; parentId: string | null }[] = []
  if (departmentId)
    levels.push({ id: departmentId, name: department!, level: CategoryLevel.DEPARTMENT, parentId: null })
  if (categoryId)
    levels.push({ id: categoryId, name: category!, level: CategoryLevel.CATEGORY, parentId: departmentId ?? null })
  if (typeId) {
    const name = type ?? category!
    levels.push({ id: typeId, name, level: CategoryLevel.TYPE, parentId: categoryId ?? departmentId ?? null })
  }
  return levels
}
