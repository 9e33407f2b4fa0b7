export const THEME_STORAGE_KEY = 'warren.theme';

/** Runs in <head>: a page that is light for one frame blinds people at night. */
export const THEME_SCRIPT = `try{const t=localStorage.getItem('${THEME_STORAGE_KEY}');if(t==='light'||t==='dark')document.documentElement.dataset.theme=t}catch{}`;
