package iam

// addRequestTags adds what conditions can ask about the tags a request brings.
func addRequestTags(keys map[string][]string, tags map[string]string) {
	if len(tags) == 0 {
		return
	}
	for k, v := range tags {
		keys["aws:RequestTag/"+k] = []string{v}
	}
	keys["aws:TagKeys"] = sortedKeys(tags)
}

// addResourceTags adds what conditions can ask about the tags of what a request is about.
func addResourceTags(keys map[string][]string, tags map[string]string) {
	for k, v := range tags {
		keys["aws:ResourceTag/"+k] = []string{v}
		keys["iam:ResourceTag/"+k] = []string{v}
	}
}
