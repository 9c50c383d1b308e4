/**
 * Sets dark mode and density on the body before anything is painted.
 * A classic script of its own, as the content security policy forbids inline code; keys and classes are those of
 * `appearance.ts` and of Cloudscape. Without storage (private windows) the defaults stand.
 */
(function () {
  var read = function (key) {
    try {
      return window.localStorage.getItem(key);
    } catch (error) {
      return null;
    }
  };
  var mode = read('deskfleet.mode');
  var dark = mode === 'dark' || (mode !== 'light' && window.matchMedia('(prefers-color-scheme: dark)').matches);
  document.body.classList.toggle('awsui-dark-mode', dark);
  document.body.classList.toggle('awsui-compact-mode', read('deskfleet.density') === 'compact');
})();
