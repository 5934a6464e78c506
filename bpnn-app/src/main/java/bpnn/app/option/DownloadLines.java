package bpnn.app.option;

import bpnn.app.session.Session;
import bpnn.mnist.DownloadProgress;
import java.util.HashSet;
import java.util.Set;

/** One line for each file that is downloaded. */
public final class DownloadLines implements DownloadProgress {
    private final Session session;
    private final Set<String> begun = new HashSet<>();

    public DownloadLines(Session session) {
        this.session = session;
    }

    @Override
    public void report(String file, long received, long total) {
        if (begun.add(file)) {
            session.notice(file + (total < 0 ? "" : ", " + total + " bytes"));
        }
    }
}
