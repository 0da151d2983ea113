/** The page as a whole: head, banner, whatever is at the address, foot. */

import { Footer } from "./components/footer";
import { Header } from "./components/header";
import { OfflineBanner } from "./components/offline-banner";
import { address } from "./routing/location";
import { RoutedPage } from "./routing/routes";
import { useStore } from "./store";

export function App() {
  const { pathname } = useStore(address);
  return (
    <div class="frame">
      <div>
        <a class="skip" href="#main">
          Skip to the content
        </a>
        <Header />
        <OfflineBanner />
      </div>
      <main id="main" class="main" tabIndex={-1}>
        <RoutedPage path={pathname} />
      </main>
      <Footer />
    </div>
  );
}
