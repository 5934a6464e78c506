package bpnn.web;

import bpnn.data.Dataset;
import bpnn.data.ImageFormat;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** What the page shows on which networks learn, and what it can ask for. Any thread may call. */
public interface LivePage {
    /** Everything, for a page that has just been opened. */
    ObjectNode state();

    /** What has changed since the last call, of which every page that is open is told; empty if nothing has. */
    Optional<ObjectNode> changes();

    /**
     * Does what somebody asks for.
     *
     * @throws IllegalArgumentException if it cannot be done; the message is a sentence for them
     */
    void command(JsonNode command);

    /** Whether a page is open, for which it is worth while to look. */
    void watched(boolean byAnybody);

    /** The images that the networks take. */
    ImageFormat format();

    /** What each network makes of an image as it stands now: its probabilities, or null if it does not answer. */
    ArrayNode read(Dataset image);
}
