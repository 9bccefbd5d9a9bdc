/** What a file says about itself, read once when it is opened. Types only. */
export interface PageSize {
  /** In the source, from 1. */
  number: number;
  /** As the PDF labels it ("xii"), when it does. */
  label?: string;
  /** 1/100 pt, after CropBox and /Rotate. */
  width: number;
  height: number;
  /** Pixels per point in lines.json and in crops. */
  scale: number;
}

export interface SourceInfo {
  pages: PageSize[];
  outline: { title: string; level: number; page: number; y: number }[];
  language?: string;
  tagged: boolean;
  metadata: Record<string, string>;
}
