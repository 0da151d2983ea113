/** The page as a whole: head, banner, whatever is at the address, foot; or that alone, on a screen for a room. */

import { Footer } from "./components/footer";
import { Header } from "./components/header";
import { StateBanner } from "./components/state-banner";
import { address } from "./routing/location";
import { isBare, RoutedPage } from "./routes";
import { useStore } from "./store";

export function App() {
  const { pathname } = useStore(address);
  if (isBare(pathname)) {
    return (
      <main id="main" tabIndex={-1}>
        <StateBanner />
        <RoutedPage path={pathname} />
      </main>
    );
  }
  return (
    <div class="frame">
      <div>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <Header />
        <StateBanner />
      </div>
      <main id="main" class="main" tabIndex={-1}>
        <RoutedPage path={pathname} />
      </main>
      <Footer />
    </div>
  );
}
