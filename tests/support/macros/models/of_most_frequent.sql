{{ brewhouse_utils.most_frequent('raw.groups', 'g', 't') }}
