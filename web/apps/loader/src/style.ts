/** The launcher's own styles, inside its shadow root, where the page's do not reach. A constructed sheet needs no leave of the page's policy. */

export const STYLE = `
:host { all: initial; position: fixed; inset-block-end: 0; z-index: var(--z, 2147483000); color-scheme: light dark;
  font: 400 15px/1.45 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
:host([hidden]) { display: none; }
* { box-sizing: border-box; }
.launcher { position: fixed; inset-block-end: max(20px, env(safe-area-inset-bottom)); width: var(--w); height: var(--h); padding: 0; border: 0;
  border-radius: 999px; background: var(--brand); color: var(--ink); cursor: pointer; display: grid; place-items: center;
  box-shadow: 0 1px 2px rgb(16 24 40 / .12), 0 8px 24px -6px rgb(16 24 40 / .34); transition: transform .22s cubic-bezier(.2,.8,.2,1), box-shadow .22s;
  -webkit-tap-highlight-color: transparent; animation: arrive .4s cubic-bezier(.2,.9,.3,1.15) both; }
.launcher:hover { transform: translateY(-2px) scale(1.03); box-shadow: 0 2px 4px rgb(16 24 40 / .14), 0 14px 32px -8px rgb(16 24 40 / .42); }
.launcher:active { transform: scale(.96); }
.launcher:focus-visible { outline: 3px solid var(--brand); outline-offset: 3px; }
.right .launcher { inset-inline-end: auto; right: 20px; } .left .launcher { left: 20px; }
.tab .launcher { inset-block-end: 0; width: auto; height: 48px; padding: 0 20px; border-radius: 14px 14px 0 0; grid-auto-flow: column; gap: 10px; font: inherit; font-weight: 600; }
.icon { grid-area: 1 / 1; width: 50%; height: 50%; max-width: 32px; max-height: 32px; transition: opacity .18s, transform .26s cubic-bezier(.2,.8,.2,1); }
.tab .icon { width: 20px; height: 20px; }
.launcher img.icon { width: 100%; height: 100%; border-radius: inherit; object-fit: cover; }
.down { opacity: 0; transform: rotate(-60deg) scale(.6); }
.open .chat { opacity: 0; transform: rotate(40deg) scale(.6); } .open .down { opacity: 1; transform: none; }
.label { grid-area: 1 / 2; } .button .label { display: none; }
.badge { position: absolute; inset-block-start: -3px; right: -3px; min-width: 21px; height: 21px; padding: 0 6px; border-radius: 11px; background: #d92d20; color: #fff;
  font-size: 12px; font-weight: 700; line-height: 21px; text-align: center; box-shadow: 0 0 0 2px #fff; animation: arrive .3s cubic-bezier(.2,.9,.3,1.3) both; }
.badge[hidden], .teaser[hidden] { display: none; }
.teaser { position: fixed; inset-block-end: calc(max(20px, env(safe-area-inset-bottom)) + var(--h) + 14px); max-width: min(300px, calc(100vw - 40px)); padding: 12px 40px 12px 16px;
  border: 1px solid rgb(16 24 40 / .08); border-radius: 16px; background: #fff; color: #1d2433; cursor: pointer; text-align: start; font: inherit;
  box-shadow: 0 12px 32px -8px rgb(16 24 40 / .28); animation: rise .32s cubic-bezier(.2,.8,.2,1) both; }
.right .teaser { right: 20px; } .left .teaser { left: 20px; }
.teaser strong { display: block; font-size: 13px; font-weight: 600; margin-block-end: 1px; }
.teaser span { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; overflow-wrap: anywhere; color: #4a5468; font-size: 14px; }
.teaser:focus-visible, .dismiss:focus-visible { outline: 3px solid var(--brand); outline-offset: 2px; }
.dismiss { position: fixed; width: 28px; height: 28px; border: 0; border-radius: 50%; background: none; color: #4a5468; cursor: pointer; display: grid; place-items: center; padding: 0; }
.dismiss[hidden] { display: none; }
.dismiss svg { width: 14px; height: 14px; }
.dismiss:hover { background: rgb(16 24 40 / .06); }
.panel { position: fixed; inset-block-end: calc(max(20px, env(safe-area-inset-bottom)) + var(--h) + 16px); width: min(408px, calc(100vw - 40px));
  height: min(704px, calc(100dvh - var(--h) - 56px)); border-radius: 20px; overflow: hidden; background: #fff;
  box-shadow: 0 0 0 1px rgb(16 24 40 / .06), 0 24px 64px -12px rgb(16 24 40 / .34), 0 8px 20px -8px rgb(16 24 40 / .18);
  transform-origin: bottom right; transition: opacity .2s ease, transform .28s cubic-bezier(.2,.85,.25,1), visibility 0s linear .28s; opacity: 0; visibility: hidden;
  transform: translateY(14px) scale(.965); }
.tab .panel { inset-block-end: 60px; }
.right .panel { right: 20px; } .left .panel { left: 20px; transform-origin: bottom left; }
.open .panel { opacity: 1; visibility: visible; transform: none; transition-delay: 0s; }
.panel iframe { display: block; width: 100%; height: 100%; border: 0; color-scheme: normal; }
.cover .panel { inset: 0; width: auto; height: auto; border-radius: 0; }
.cover.open .launcher { display: none; }
@media (prefers-color-scheme: dark) {
  .panel { background: #12151c; box-shadow: 0 0 0 1px rgb(255 255 255 / .09), 0 24px 64px -12px rgb(0 0 0 / .7); }
  .teaser { background: #1d212b; color: #f2f4f8; border-color: rgb(255 255 255 / .1); } .teaser span, .dismiss { color: #b4bccb; }
  .badge { box-shadow: 0 0 0 2px #12151c; }
}
@media (max-width: 520px), (max-height: 420px) {
  .panel, .left .panel, .right .panel { inset: 0; width: auto; height: auto; border-radius: 0; transform: translateY(24px); }
  .open .panel { transform: none; }
  .open .launcher { display: none; }
}
@media print { :host { display: none; } }
@media (prefers-reduced-motion: reduce) { *, .launcher, .panel { animation: none !important; transition: none !important; } }
@keyframes arrive { from { opacity: 0; transform: scale(.6); } }
@keyframes rise { from { opacity: 0; transform: translateY(10px); } }
`;
