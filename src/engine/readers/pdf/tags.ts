/** A page's part of the structure tree → Tag; bounded in depth and number, since trees can be cyclic. */
import type { Tag } from "../../page.ts";
import type { Pdfium } from "./pdfium.ts";

const MAX_DEPTH = 48;
const MAX_TAGS = 20_000;

/** @returns one root of role "Document" above what the page has; undefined without tags */
export async function readTags(pdfium: Pdfium, page: number): Promise<Tag | undefined> {
  const { api } = pdfium;
  const tree = await pdfium.read("FPDF_StructTree_GetForPage", page);
  if (tree === 0) return undefined;
  let left = MAX_TAGS;

  const readTag = (element: number, depth: number): Tag | undefined => {
    if (element === 0 || left-- <= 0) return undefined;
    const tag: Tag = {
      role: pdfium.utf16((buffer, size) => api.FPDF_StructElement_GetType(element, buffer, size)),
      mcids: readMcids(pdfium, element),
      children: [],
    };
    const actualText = pdfium.utf16((buffer, size) => api.FPDF_StructElement_GetActualText(element, buffer, size));
    if (actualText !== "") tag.actualText = actualText;
    const alt = pdfium.utf16((buffer, size) => api.FPDF_StructElement_GetAltText(element, buffer, size));
    if (alt !== "") tag.alt = alt;
    if (depth >= MAX_DEPTH) return tag;
    const children = api.FPDF_StructElement_CountChildren(element);
    for (let i = 0; i < children && left > 0; i++) {
      const child = readTag(api.FPDF_StructElement_GetChildAtIndex(element, i), depth + 1);
      if (child) tag.children.push(child);
    }
    return tag;
  };

  const root: Tag = { role: "Document", mcids: [], children: [] };
  const count = api.FPDF_StructTree_CountChildren(tree);
  for (let i = 0; i < count && left > 0; i++) {
    const child = readTag(api.FPDF_StructTree_GetChildAtIndex(tree, i), 1);
    if (child) root.children.push(child);
  }
  api.FPDF_StructTree_Close(tree);
  return root.children.length > 0 ? root : undefined;
}

function readMcids(pdfium: Pdfium, element: number): number[] {
  const count = pdfium.api.FPDF_StructElement_GetMarkedContentIdCount(element);
  const mcids: number[] = [];
  for (let i = 0; i < count; i++) {
    const mcid = pdfium.api.FPDF_StructElement_GetMarkedContentIdAtIndex(element, i);
    if (mcid >= 0) mcids.push(mcid);
  }
  return mcids;
}
