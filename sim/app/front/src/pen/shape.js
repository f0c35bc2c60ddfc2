// A path that both pens understand: SVG path data, and the same as a Path2D made when a canvas first asks for it.

export function shape(d) {
  let path;
  return { d, get path() { return (path ??= new Path2D(d)); } };
}
